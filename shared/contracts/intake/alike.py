"""Requests of the same client, as far as intake can tell: for finding needs that were stated twice."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Query


@dataclass(frozen=True, kw_only=True)
class SameClient(Answer):
    """Ids of other requests at the same station: by credit code, and by telephone or e-mail; newest first."""

    by_code: tuple[str, ...] = ()
    by_contact: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ListSameClient(Query):
    """Nobody learns a contact from it, only that it is the same."""

    returns = SameClient
    request_id: str
