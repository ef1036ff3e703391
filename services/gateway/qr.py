"""Addresses as QR codes, drawn as one SVG path: nothing a strict policy would refuse."""

from dataclasses import dataclass

import segno

QUIET = 2  # modules of white around; the panel it stands on is white as well


@dataclass(frozen=True)
class Code:
    """`size` is the side in modules, `path` what is dark."""

    size: int
    path: str


def code(address: str) -> Code:
    made = segno.make(address, error="m", micro=False)
    rows = [bytes(row) for row in made.matrix]
    path = "".join(
        f"M{start + QUIET} {y + QUIET}.5h{length}" for y, row in enumerate(rows) for start, length in _runs(row)
    )
    return Code(len(rows) + 2 * QUIET, path)


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Where dark begins, and for how many modules."""
    runs: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if not dark:
            continue
        if runs and sum(runs[-1]) == x:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((x, 1))
    return runs
