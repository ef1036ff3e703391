"""What station's handlers share: their transaction."""

from collections.abc import Mapping
from typing import Protocol

from services.station.domain.absences import Absences
from services.station.domain.settings import Settings
from services.station.domain.stations import Stations
from shared.hours import Day
from shared.ports import Work


class StationWork(Work, Protocol):
    stations: Stations
    settings: Settings
    absences: Absences
    shipped: Mapping[int, tuple[Day, ...]]  # the years that came with the program
