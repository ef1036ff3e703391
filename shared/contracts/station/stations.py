"""What station takes and says: the district, its parks and their stations (clauses 4.1 to 4.3)."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class StationOpened(Event):
    """A park has a station, or its particulars changed. `short` begins the numbers of its requests."""

    heard_by = ("intake", "dispatch", "providers")
    official_name: str
    park_name: str
    short: str
    district: str
    industries: tuple[str, ...] = ()
    window: bool = True


@dataclass(frozen=True, kw_only=True)
class StationView(Answer):
    """`name_lines` is the official name (4.3.2) as it is set: the park, then the rest."""

    park: str
    park_name: str
    short: str
    official_name: str
    name_lines: tuple[str, ...]
    district: str
    authority: str
    industries: tuple[str, ...] = ()
    window: bool = True
    phone: str = ""
    address: str = ""
    hours: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class StationList(Answer):
    stations: tuple[StationView, ...]


@dataclass(frozen=True, kw_only=True)
class DistrictLoaded(Answer):
    opened: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class GivenDistrict(Answer):
    """`code` by GB/T 2260; `authority` guides the stations (4.1.1)."""

    code: str
    name: str
    city: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class GivenPark(Answer):
    """`name` as the park calls itself; the station's official name is composed from it (4.3.2)."""

    code: str
    name: str
    short: str
    industries: tuple[str, ...] = ()
    window: bool = True
    phone: str = ""
    address: str = ""
    hours: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class LoadDistrict(Command):
    """Open or update the stations of a district from its description (deploy/demo/district.yaml shows the shape)."""

    returns = DistrictLoaded
    district: GivenDistrict
    parks: tuple[GivenPark, ...]


@dataclass(frozen=True, kw_only=True)
class ListStations(Query):
    returns = StationList


@dataclass(frozen=True, kw_only=True)
class GetStation(Query):
    returns = StationView
    park: str
