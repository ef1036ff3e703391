"""`nqi submit`, `nqi track`, `nqi replay`: needs, through the HTTP API."""

import json
import uuid
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from deploy.cli.http import Api
from deploy.demo.replay import Malformed, Need, Played, Player, read
from shared.config import settings

Url = Annotated[str, typer.Option(help="The gateway's address; by default the one on this machine.")]

WIDE = 140  # columns where no terminal says how many it has
console = Console()


def address(url: str) -> str:
    return url.rstrip("/") or f"http://127.0.0.1:{settings().port}"


def submit(
    text: Annotated[str, typer.Argument(help="What is needed, in plain words; `-` reads it from standard input.")],
    park: Annotated[str, typer.Option(help="The park's code.")],
    company: Annotated[str, typer.Option(help="The enterprise's name.")],
    phone: Annotated[str, typer.Option(help="A telephone number to answer to.")] = "",
    email: Annotated[str, typer.Option(help="An e-mail address to answer to.")] = "",
    key: Annotated[str, typer.Option(help="Repeat with the same key, and the need is still stated once.")] = "",
    url: Url = "",
) -> None:
    """State a need; prints its number and the code that opens it."""
    said = typer.get_text_stream("stdin").read() if text == "-" else text
    body = {"park": park, "text": said, "company": company, "phone": phone, "email": email}
    told = Api(address(url)).post("/requests", body, key=key or uuid.uuid4().hex)
    console.print(
        f"number {told['number']}\ncode   {told['code']}\n\nnqi track {told['number']} {told['code']}", highlight=False
    )


def track(
    number: Annotated[str, typer.Argument(help="The number, such as 天安2026-0001.")],
    code: Annotated[str, typer.Argument(help="The six-digit code told with it.")],
    raw: Annotated[bool, typer.Option("--json", help="Print the API's answer as it is.")] = False,
    url: Url = "",
) -> None:
    """Where a need stands, and everything that happened to it."""
    told = Api(address(url)).get(f"/requests/{number}", {"X-Request-Code": code})
    if raw:
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    request = told["request"]
    console.print(f"[bold]{request['number']}[/] {request['company']}\n{request['text']}\n", highlight=False)
    for item in told["items"]:
        console.print(f"{item['title'] or item['text'][:30]}: [bold]{item['stage']}[/] {item['note']}", highlight=False)
    table = Table("when", "what", "who", box=None)
    for entry in told["timeline"]:
        moment = datetime.fromisoformat(entry["occurred_at"]).astimezone(settings().timezone)
        table.add_row(f"{moment:%Y-%m-%d %H:%M:%S}", entry["type"], entry["actor_name"])
    console.print(table)


def replay(
    file: Annotated[Path, typer.Argument(help="A JSON-lines file of needs.", exists=True, dir_okay=False)],
    run: Annotated[str, typer.Option(help="A name for this run; give it again to take an interrupted run up.")] = "",
    jobs: Annotated[int, typer.Option(help="Needs played at once.", min=1, max=64)] = 8,
    account: Annotated[str, typer.Option(help="Who plays the staff.")] = "chen",
    password: Annotated[str, typer.Option(envvar="NQI_PASSWORD", help="By default the demo account's.")] = "",
    url: Url = "",
) -> None:
    """Play needs through the real entry points to their endings; malformed lines are named, the others go on."""
    api = signed_in(url, account, password)
    found = list(read(file.read_text(encoding="utf-8", errors="replace").splitlines()))
    needs = [one for one in found if isinstance(one, Need)]
    name = run or uuid.uuid4().hex[:12]
    console.print(f"run {name}: {len(needs)} needs")
    played = play(Player(api, name, jobs), needs)
    show_played(console, played)
    wrong = [one for one in found if isinstance(one, Malformed)]
    for one in wrong:
        console.print(f"[red]{one}", highlight=False)
    left = sum(not one.finished for one in played)
    console.print(f"replay complete: {len(played)} needs, {left} unfinished, {len(wrong)} malformed lines")
    if left or wrong:
        raise typer.Exit(1)


def signed_in(url: str, account: str, password: str) -> Api:
    """The API as this account; without a password, with the one that the demo gave it."""
    api = Api(address(url))
    kept = settings().home / "demo-accounts.json"
    if not password and kept.exists():
        password = json.loads(kept.read_text()).get(account, "")
    api.sign_in(account, password)
    return api


def play(player: Player, needs: list[Need]) -> list[Played]:
    """Play them behind a progress bar."""
    columns = (TextColumn("playing needs"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("needs", total=len(needs))
        return player.play(needs, lambda _: progress.advance(task))


def show_played(console: Console, played: list[Played]) -> None:
    """A row a need: its number, category, target, stages reached, time."""
    table = Table("need", box=None, header_style="bold")
    table.add_column("number", no_wrap=True)
    for name in ("category", "target", "stages", "seconds"):
        table.add_column(name)
    for one in [each for first in played for each in (first, *first.others)]:
        stages = " › ".join(one.stages) + (f"  [red]{one.trouble}[/]" if one.trouble else "")
        category = f"{one.need.category or '–'} {one.need.item or ''}"
        table.add_row(one.need.id, one.number, category, one.target or "–", stages, f"{one.seconds:.1f}")
    wide = console if console.is_terminal else Console(width=WIDE)
    wide.print(table, highlight=False)
