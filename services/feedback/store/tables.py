"""The metadata that all of feedback's tables are in."""

from shared import store
from shared.plan_store import plan_tables

metadata = store.tables()
plan_tables(metadata)
