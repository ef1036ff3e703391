"""`nqi calendar ...`: the hours stations work, and the years whose holidays are known."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.people import direct
from shared import years
from shared.access import Role
from shared.config import CannotStart
from shared.contracts.station import CalendarView, GetCalendar, GivenDay, ListYears, PublishYear

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
console = Console()


def import_(file: Annotated[Path, typer.Argument(help="A year's holidays, in YAML or as holiday-cn's JSON.")]) -> None:
    """Make a year's holidays and make-up days known; deadlines that rested on guesses are worked out again."""
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStart(f"{file} cannot be read ({error}); shared/years/2026.yaml shows its shape") from error
    year, days = years.read(text)
    with direct(Role.SYSTEM) as ask:
        told = ask(PublishYear(year=year, days=tuple(GivenDay(**one) for one in days)))
    off = sum(not one.working for one in told.days)
    console.print(f"{told.year}: {off} days off, {len(told.days) - off} make-up days, version {told.version}")


def show(park: Annotated[str, typer.Argument(help="A park's code; without it, the district.")] = "") -> None:
    """The hours in force, and the years whose holidays are known."""
    with direct(Role.SYSTEM) as ask:
        view: CalendarView = ask(GetCalendar(park=park))
        known = ask(ListYears()).years
    table = Table("day", "hours", box=None)
    for name, hours in zip(WEEKDAYS, view.week or view.district_week, strict=True):
        table.add_row(name, hours or "-")
    for one in (*view.district_days, *(view.days if park else ())):
        table.add_row(one.day, f"{one.hours or 'as usual'} {one.name}" if one.working else f"- {one.name}")
    console.print(table)
    said = [f"{one.year}{' (imported)' if one.version else ''}" for one in known]
    console.print(f"holidays are known for {', '.join(said)}", highlight=False)


CALENDAR: Sequence[Callable[..., Any]] = [import_, show]
