"""`nqi import-survey`: needs collected on visits, from a table."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from deploy.cli.http import Api
from deploy.cli.needs import Url, signed_in

POLL_SECONDS = 0.5
console = Console()


def import_survey(
    file: Annotated[Path, typer.Argument(help="An XLSX table of visits.", exists=True, dir_okay=False)],
    park: Annotated[str, typer.Option(help="The park's code.")],
    yes: Annotated[bool, typer.Option("--yes", help="Register the good lines without asking.")] = False,
    account: Annotated[str, typer.Option(help="Who registers them.")] = "chen",
    password: Annotated[str, typer.Option(envvar="NQI_PASSWORD", help="By default the demo account's.")] = "",
    url: Url = "",
) -> None:
    """Look over a table of visits, and register its needs; what was registered before is passed over."""
    api = signed_in(url, account, password)
    found = api.upload("/visit-lists", file.name, file.read_bytes(), park=park)
    console.print(f"{found['rows']} lines: {found['good']} good, {found['wrong']} wrong, {found['known']} known")
    for line in _lines(api, found["list_id"], wrong=True):
        for column, text in line["wrong"].items():
            console.print(f"[red]{found['columns'].get(column, column)}{line['row']}[/]: {text}", highlight=False)
    if found["good"] and (yes or typer.confirm(f"Register {found['good']} needs?")):
        api.post(f"/visit-lists/{found['list_id']}/confirm")
        found = _until_done(api, found["list_id"])
        for line in _lines(api, found["list_id"]):
            if line["number"]:
                console.print(f"line {line['row']}: {line['number']} {line['company']}", highlight=False)
    console.print(f"registered {found['taken']}")
    if found["wrong"]:
        raise typer.Exit(1)


def _until_done(api: Api, list_id: str) -> Any:
    with console.status("registering") as status:
        while True:
            found = api.get(f"/visit-lists/{list_id}", limit=1)["list"]
            if found["state"] == "done":
                return found
            status.update(f"registering {found['taken']} of {found['taken'] + found['good']}")
            time.sleep(POLL_SECONDS)


def _lines(api: Api, list_id: str, wrong: bool = False) -> Any:
    after = 0
    while True:
        page = api.get(f"/visit-lists/{list_id}", wrong="true" if wrong else "", after=after, limit=200)
        yield from page["lines"]
        after = page["next"]
        if not after:
            return
