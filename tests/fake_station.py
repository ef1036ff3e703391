"""What station's handlers are handed, without a database."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from services.station.domain.absences import Absence
from services.station.domain.settings import Kind, Setting
from services.station.domain.stations import Station
from shared import years
from shared.errors import IllegalMove
from tests.fakes import FakeWork


class _Kept:
    """A repository over what its transaction keeps, so that it rolls back with it."""

    name = ""

    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[Any, Any]:
        return self._work.kept.setdefault(self.name, {})


class FakeStations(_Kept):
    name = "stations"

    def get(self, park: str) -> Station | None:
        return self._kept.get(park)

    def put(self, station: Station) -> None:
        self._kept[station.park] = station

    def all(self) -> list[Station]:
        return sorted(self._kept.values(), key=lambda one: one.park)


class FakeSettings(_Kept):
    name = "settings"

    def latest(self, kind: Kind, key: str) -> Setting | None:
        versions = [one for one in self._kept.values() if (one.kind, one.key) == (kind, key)]
        return max(versions, key=lambda one: one.version, default=None)

    def all(self, kind: Kind) -> list[Setting]:
        keys = sorted({one.key for one in self._kept.values() if one.kind == kind})
        return [one for key in keys if (one := self.latest(kind, key))]

    def add(self, setting: Setting) -> None:
        name = (setting.kind, setting.key, setting.version)
        if name in self._kept:
            raise IllegalMove("这份设置刚被改过，请看看最新的再改")
        self._kept[name] = setting


class FakeAbsences(_Kept):
    name = "absences"

    def add(self, absence: Absence) -> None:
        self._kept[absence.absence_id] = deepcopy(absence)

    put = add

    def get(self, absence_id: str) -> Absence | None:
        return deepcopy(self._kept.get(absence_id))

    def ahead(self, now: datetime) -> list[Absence]:
        ahead = [one for one in self._kept.values() if one.until > now and one.ended_at is None]
        return deepcopy(sorted(ahead, key=lambda one: (one.since, one.absence_id)))


class FakeStation(FakeWork):
    shipped = years.shipped()

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.stations, self.settings, self.absences = FakeStations(self), FakeSettings(self), FakeAbsences(self)
