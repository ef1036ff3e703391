"""Dispatch targets, and what a text may be about."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Details, Query


@dataclass(frozen=True, kw_only=True)
class Guess(Answer):
    category: str
    item: str
    title: str
    words: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Guesses(Answer):
    guesses: tuple[Guess, ...]


@dataclass(frozen=True, kw_only=True)
class SuggestCategory(Query):
    """Up to three likely items for a text, best first, each with the words that spoke for it."""

    returns = Guesses
    text: str


@dataclass(frozen=True, kw_only=True)
class TargetView(Answer):
    """`manifest` is what the target announced of itself; `live` whether its lease holds."""

    target: str
    kind: str
    title: str
    clause: str
    live: bool
    seen_at: datetime
    manifest: Details


@dataclass(frozen=True, kw_only=True)
class TargetList(Answer):
    targets: tuple[TargetView, ...]


@dataclass(frozen=True, kw_only=True)
class ListTargets(Query):
    returns = TargetList
