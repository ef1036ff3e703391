"""Needs as they were answered, by the command that stated them."""

from typing import Protocol

from shared.contracts.intake import NeedSubmitted


class Submissions(Protocol):
    def get(self, command_id: str) -> NeedSubmitted | None:
        """What the command was told, if it took effect lately and was one that states a need."""
        ...
