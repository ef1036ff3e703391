"""What hardly changes and every page needs: stations, dispatch targets and channels, remembered for seconds."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

from shared.access import Actor, Role
from shared.client import Bus
from shared.contracts.base import Answer, Query
from shared.contracts.dispatch import ListTargets, TargetView
from shared.contracts.intake import ChannelView, ListChannels
from shared.contracts.station import ListStations, StationView
from shared.errors import NotFound, Unavailable

A = TypeVar("A", bound=Answer)

PUBLIC = Actor(id="public", role=Role.PUBLIC)
FRESH = 3.0  # seconds
STEADY = 60.0  # seconds; what changes only when a service is installed anew


class _Remembered(Generic[A]):
    """One answer; asked again when it is old, kept when the service is away."""

    def __init__(self, bus: Bus, query: Query) -> None:
        self._bus, self._query = bus, query
        self.last: A | None = None
        self._asked = 0.0

    async def get(self, fresh: float = FRESH) -> A:
        if self.last is None or time.monotonic() - self._asked > fresh:
            try:
                self.last = await self._bus.ask(self._query, actor=PUBLIC)
            except Unavailable:
                if self.last is None:
                    raise
            self._asked = time.monotonic()
        return self.last


class Known:
    """Stations, targets and channels, as of a moment ago."""

    def __init__(self, bus: Bus) -> None:
        self._stations: _Remembered[Any] = _Remembered(bus, ListStations())
        self._targets: _Remembered[Any] = _Remembered(bus, ListTargets())
        self._channels: _Remembered[Any] = _Remembered(bus, ListChannels())

    async def stations(self) -> Sequence[StationView]:
        return (await self._stations.get()).stations

    async def station(self, park: str) -> StationView:
        """Raises NotFound."""
        for fresh in (FRESH, 1.0):  # a station may have opened just now
            for station in (await self._stations.get(fresh)).stations:
                if station.park == park:
                    return station
        raise NotFound("没有 {park} 这个服务站", park=park)

    def seen(self, park: str) -> StationView | None:
        """The station, if it is remembered already: for what a page can do without."""
        stations = self._stations.last.stations if self._stations.last else ()
        return next((station for station in stations if station.park == park), None)

    async def targets(self) -> Sequence[TargetView]:
        return (await self._targets.get()).targets

    async def channels(self) -> Sequence[ChannelView]:
        """The ways that needs come by, in intake's order."""
        return (await self._channels.get(STEADY)).channels

    def channel(self, name: str) -> Mapping[str, Any]:
        """The channel's titles, if they are remembered already."""
        channels = self._channels.last.channels if self._channels.last else ()
        return next((vars(one) for one in channels if one.name == name), {})

    async def categories(self) -> list[Mapping[str, Any]]:
        """The manifests of all category targets, live or not, in the standard's order."""
        found = [t.manifest for t in await self.targets() if t.kind == "category"]
        return sorted(found, key=lambda manifest: str(manifest["clause"]))

    async def item(self, code: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """The category's manifest and the item's part of it; raises NotFound."""
        for category in await self.categories():
            if item := category["items"].get(code):
                return category, item
        raise NotFound("没有 {code} 这个服务事项类别", code=code)
