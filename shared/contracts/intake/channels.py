"""The ways that needs come by, as intake declares them."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Query


@dataclass(frozen=True, kw_only=True)
class ChannelView:
    """`hands`: client, staff or program. `records`: parts of the occasion that are kept; `asks`: that must be said."""

    name: str
    title: str
    title_en: str
    hands: tuple[str, ...]
    records: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChannelList(Answer):
    channels: tuple[ChannelView, ...]


@dataclass(frozen=True, kw_only=True)
class ListChannels(Query):
    returns = ChannelList
