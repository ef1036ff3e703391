"""The metadata that all of dispatch's tables are in."""

from shared import store
from shared.plan_store import plan_tables

metadata = store.tables()
plan_tables(metadata)
