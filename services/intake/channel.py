"""The whole channel API: what a way that needs come by declares of itself, and where it registers (clause 6.2)."""

import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType

from shared.errors import NotFound

ENTRY_POINTS = "nqi_station.channels"  # the group an installed distribution names its channels in
OCCASION = ("by", "place", "at")  # who took the need down, where it was stated, when


class Hand(StrEnum):
    """Whose hand writes a need down."""

    CLIENT = "client"  # whoever has it
    STAFF = "staff"  # someone of the station, on a client's behalf
    PROGRAM = "program"  # one of our services, from what reached it


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One way that needs come by.

    `records` are the parts of the occasion that are kept when staff or a program write it down; what they leave out
    of `by` and `at` is who writes, and when. A part in `asks` must be said.
    """

    name: str
    title: str
    title_en: str
    hands: frozenset[Hand]
    records: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    def lacking(self) -> list[str]:
        """What is wrong with the declaration itself."""
        wrong = [part for part in ("name", "title", "title_en", "hands") if not getattr(self, part)]
        if not set(self.asks) <= set(self.records) <= set(OCCASION):
            wrong.append("records")
        if Hand.STAFF in self.hands and not {"by", "at"} <= set(self.records):
            wrong.append("records by and at")  # a need is recorded with who and when, or it was not collected (6.2.a)
        return wrong


class Registry:
    """Every channel this process has found; refuses duplicates and incomplete ones."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}

    def __call__(self, channel: Channel) -> Channel:
        if channel.name in self._channels:
            raise ValueError(f"channel {channel.name!r} is registered twice")
        if lacking := channel.lacking():
            raise ValueError(f"channel {channel.name!r} lacks {', '.join(lacking)}")
        self._channels[channel.name] = channel
        return channel

    def __getitem__(self, name: str) -> Channel:
        try:
            return self._channels[name]
        except KeyError:
            raise NotFound("没有这种渠道") from None

    def __contains__(self, name: str) -> bool:
        return name in self._channels

    def __iter__(self) -> Iterator[Channel]:
        return iter(self._channels.values())

    def discover(self, package: ModuleType) -> None:
        """Import every channel in the folder, then every installed one."""
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            import_module(module.name)
        for entry_point in entry_points(group=ENTRY_POINTS):
            entry_point.load()


receives = Registry()
