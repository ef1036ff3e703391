"""`nqi webhook ...`: signed webhooks by which other programs deliver needs."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.open311 import Parks, doors

console = Console()


def add(
    name: Annotated[str, typer.Argument(help="The last part of its address, /hooks/NAME.")],
    park: Parks,
    map_: Annotated[
        list[str],
        typer.Option(
            "--map",
            help="A need's field and where it is in the message, such as text=/need/text; company==示例 is a constant.",
        ),
    ],
) -> None:
    """Make a webhook; its secret is printed here and nowhere again."""
    mapping = {}
    for one in map_:
        field, equals, source = one.partition("=")
        if not equals:
            raise typer.BadParameter(f"{one} is not FIELD=POINTER")
        mapping[field] = source
    print(doors().hooks.add(name, park, mapping))


def list_() -> None:
    """Every webhook and its mapping, without its secret."""
    table = Table("name", "parks", "mapping", "made", "state", box=None)
    for one in doors().hooks.list():
        mapping = " ".join(f"{field}={source}" for field, source in one.mapping.items())
        state = "revoked" if one.revoked_at else ""
        table.add_row(one.name, " ".join(one.parks), mapping, f"{one.created_at:%Y-%m-%d}", state)
    console.print(table)


def revoke(name: Annotated[str, typer.Argument(help="The webhook that is to take nothing any more.")]) -> None:
    """Shut a webhook at once."""
    doors().hooks.revoke(name)
    console.print(f"webhook {name} is revoked")


WEBHOOK = (add, list_, revoke)
