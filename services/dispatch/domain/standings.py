"""How requests stand, for anybody."""

from typing import Protocol

from shared.contracts.dispatch import ListStandings, Standing

MOST = 250  # in one answer, which must fit into a message
MOST_NAMED = 250  # numbers or codes in one question


class Standings(Protocol):
    def list(self, query: ListStandings) -> list[Standing]:
        """Newest first, at most `query.limit`."""
        ...
