"""The metadata that all of intake's tables are in."""

from shared import store

metadata = store.tables()
