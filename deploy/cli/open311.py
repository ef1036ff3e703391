"""`nqi open311-key ...`: keys of programs that use Open311."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from services.gateway.accounts.doors import Doors
from shared import keys, store
from shared.config import settings
from shared.upgrade import upgrade

Parks = Annotated[list[str], typer.Option(help="A park it may state needs of; repeat for more, * for all.")]
console = Console()


def add(name: Annotated[str, typer.Argument(help="What needs by this key will be known by.")], park: Parks) -> None:
    """Make a key; it is printed here and nowhere again."""
    print(doors().keys.add(name, park))


def list_() -> None:
    """Every key, without the key itself."""
    table = Table("name", "parks", "made", "state", box=None)
    for one in doors().keys.list():
        table.add_row(one.name, " ".join(one.parks), f"{one.created_at:%Y-%m-%d}", "revoked" if one.revoked_at else "")
    console.print(table)


def revoke(name: Annotated[str, typer.Argument(help="The key that is to open nothing any more.")]) -> None:
    """Shut a key at once."""
    doors().keys.revoke(name)
    console.print(f"key {name} is revoked")


OPEN311_KEY = (add, list_, revoke)


def doors() -> Doors:
    """The gateway's own store of them."""
    upgrade("gateway")
    return Doors(store.connect("gateway"), keys.data_key(settings()))
