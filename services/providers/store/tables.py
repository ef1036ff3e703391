"""The metadata that all of providers' tables are in."""

from shared import store

metadata = store.tables()
