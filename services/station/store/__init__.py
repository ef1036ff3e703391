"""Station's database: its repositories in one transaction."""

import sqlalchemy as sa

from services.station.store.absences import Absences
from services.station.store.settings import Settings
from services.station.store.stations import Stations
from services.station.store.tables import metadata
from shared import store, years


class UnitOfWork(store.UnitOfWork):
    metadata = metadata
    stations: Stations
    settings: Settings
    absences: Absences

    def open(self, connection: sa.Connection) -> None:
        self.shipped = years.shipped()
        self.stations = Stations(connection)
        self.settings = Settings(connection)
        self.absences = Absences(connection, lock=not self.reads)
