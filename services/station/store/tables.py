"""The metadata that all of station's tables are in."""

from shared import store

metadata = store.tables()
