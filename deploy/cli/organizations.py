"""`nqi organizations ...`: the register of service organizations, as a table to take in or to write out."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from deploy.cli.http import Api
from deploy.cli.needs import Url, signed_in

console = Console()
Account = Annotated[str, typer.Option(help="Who manages the register.")]
Password = Annotated[str, typer.Option(envvar="NQI_PASSWORD", help="By default the demo account's.")]


def import_(
    file: Annotated[
        Path, typer.Argument(help="An XLSX table made from the register page's template.", exists=True, dir_okay=False)
    ],
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would happen.")] = False,
    account: Account = "operator",
    password: Password = "",
    url: Url = "",
) -> None:
    """Enter the table's organizations, or update them by their codes: all of them or, with one mistake, none."""
    found = take(signed_in(url, account, password), file.name, file.read_bytes(), preview=preview)
    for mistake in found["mistakes"]:
        console.print(f"[red]{mistake['cell']}[/]: {mistake['text']}", highlight=False)
    if found["mistakes"]:
        console.print(f"{len(found['mistakes'])} mistakes; nothing was changed")
        raise typer.Exit(1)
    for kind, codes in found["imported"].items():
        console.print(f"{kind} {len(codes)}: {' '.join(codes)}", highlight=False)


def take(api: Api, name: str, content: bytes, *, preview: bool = False) -> Any:
    """What became of a table, as the API says it."""
    return api.upload("/organizations.xlsx", name, content, **({"preview": "true"} if preview else {}))


def list_(account: Account = "operator", password: Password = "", url: Url = "") -> None:
    """Every organization with its state."""
    table = Table("code", "name", "items", "parks", "jobs at once", "state", box=None)
    for one in signed_in(url, account, password).get("/organizations")["organizations"]:
        entry = one["organization"]
        state = "excluded" if one["excluded"] else one["status"]
        columns = [entry["code"], entry["name"], " ".join(entry["items"]), " ".join(entry["parks"])]
        table.add_row(*columns, str(entry["capacity"]), state)
    console.print(table)


ORGANIZATIONS = (import_, list_)
