"""The metadata that all of dispatch's tables are in."""

from shared import store

metadata = store.tables()
