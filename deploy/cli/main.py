"""`nqi`: run the system, use it, look after it."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import typer

from deploy.cli import (
    calendar,
    care,
    keys,
    needs,
    open311,
    organizations,
    people,
    running,
    suggestions,
    verify,
    visits,
    webhooks,
)
from deploy.cli.http import Refused, Unreachable
from shared.config import CannotStart, WrongSettings
from shared.errors import ServiceError

typer_app = typer.Typer(
    help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def _add(commands: Sequence[Callable[..., Any]], group: typer.Typer) -> None:
    for command in commands:
        group.command(command.__name__.removesuffix("_").replace("_", "-"))(command)


_add([running.up, running.demo, running.run], typer_app)
_add([needs.submit, needs.track, needs.replay, visits.import_survey], typer_app)
_add([care.doctor, verify.verify, suggestions.evaluate_suggestions], typer_app)
_GROUPS: tuple[tuple[str, str, Sequence[Callable[..., Any]]], ...] = (
    ("dead", "Messages that could not be handled: look, send again, or drop.", care.DEAD),
    ("user", "Accounts of staff, operators, regulators and administrators.", people.USER),
    ("open311-key", "Keys of programs that use Open311.", open311.OPEN311_KEY),
    ("webhook", "Signed webhooks by which other programs deliver needs.", webhooks.WEBHOOK),
    ("organizations", "The register of service organizations.", organizations.ORGANIZATIONS),
    ("keys", "Keys of the archive.", (keys.rotate,)),
    ("district", "The district and its parks.", people.DISTRICT),
    ("calendar", "The hours stations work, and the holidays of each year.", calendar.CALENDAR),
)
for name, text, commands in _GROUPS:
    group = typer.Typer(help=text, no_args_is_help=True)
    _add(commands, group)
    typer_app.add_typer(group, name=name)


def app() -> None:
    """Errors we know are one line and a non-zero status; any other is a bug and shows where."""
    try:
        typer_app()
    except (CannotStart, WrongSettings, Refused, Unreachable, ServiceError) as error:
        for line in str(error).splitlines():
            print(f"nqi: {line}", file=sys.stderr)
        sys.exit(1)
