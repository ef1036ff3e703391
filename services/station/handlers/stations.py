"""What station does about the district and its stations: one function each."""

from services.station.domain.stations import Station
from services.station.handlers.work import StationWork
from shared import access
from shared.contracts.station import (
    DistrictLoaded,
    GetStation,
    ListStations,
    LoadDistrict,
    StationList,
    StationView,
)
from shared.errors import Invalid, NotFound


def load_district(command: LoadDistrict, uow: StationWork) -> DistrictLoaded:
    """Opens what is new, updates what changed, leaves the rest. One wrong park and nothing changes."""
    access.check(uow.actor, "load_district")
    stations = [Station.of(command.district, park) for park in command.parks]
    for name in ("park", "short"):
        values = [getattr(station, name) for station in stations]
        if doubled := {value for value in values if values.count(value) > 1}:
            raise Invalid("{name} 重复：{doubled}", name=name, doubled="、".join(sorted(doubled)))
    with uow:
        changed = [station for station in stations if uow.stations.get(station.park) != station]
        for station in changed:
            uow.stations.put(station)
            uow.say(station.opened())
        return uow.commit(DistrictLoaded(opened=len(changed), unchanged=len(stations) - len(changed)))


def list_stations(query: ListStations, uow: StationWork) -> StationList:
    with uow:
        return StationList(stations=tuple(station.view() for station in uow.stations.all()))


def get_station(query: GetStation, uow: StationWork) -> StationView:
    with uow:
        if station := uow.stations.get(query.park):
            return station.view()
    raise NotFound("没有 {park} 这个园区", park=query.park)
