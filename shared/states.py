"""State machines as one table: a row for every legal move."""

from collections.abc import Iterator
from typing import NamedTuple

from shared.errors import IllegalMove


class Move(NamedTuple):
    source: str
    trigger: str
    target: str


class StateTable:
    """Exactly the rows given are legal; everything else is an IllegalMove."""

    def __init__(self, *rows: tuple[str, str, str]) -> None:
        self.moves = [Move(*row) for row in rows]
        self._targets = {(m.source, m.trigger): m.target for m in self.moves}
        if len(self._targets) < len(self.moves):
            raise ValueError("two rows share a state and a trigger")

    def move(self, source: str, trigger: str) -> str:
        """The state that `trigger` leads to; raises IllegalMove."""
        try:
            return self._targets[source, trigger]
        except KeyError:
            raise IllegalMove(
                "现在不能这样做：{state} 时没有“{trigger}”这一步",
                state=str(source), trigger=trigger,
            ) from None  # fmt: skip

    def allows(self, source: str) -> list[str]:
        """The triggers legal in this state, in the table's order."""
        return [m.trigger for m in self.moves if m.source == source]

    def __iter__(self) -> Iterator[Move]:
        return iter(self.moves)

    @property
    def states(self) -> list[str]:
        return sorted({s for m in self.moves for s in (m.source, m.target)})

    @property
    def triggers(self) -> list[str]:
        return sorted({m.trigger for m in self.moves})
