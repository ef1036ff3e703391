"""What can be booked at the demo's stations."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from shared.contracts.dispatch import PutResource
from shared.contracts.station import GivenPark

FILE = Path(__file__).with_suffix(".yaml")


def resources(parks: tuple[GivenPark, ...]) -> Iterator[PutResource]:
    """The resources of these parks, each by the command that makes it so."""
    given = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    for park in parks:
        for one in [*(given["every"] if park.window else ()), *given["parks"].get(park.code, ())]:
            yield PutResource(park=park.code, week=tuple(given["hours"]), **one)
