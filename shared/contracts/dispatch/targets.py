"""Dispatch targets, as they announced themselves."""

from dataclasses import dataclass
from datetime import datetime

from shared.contracts.base import Answer, Details, Query


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
