"""`nqi up`, `nqi demo`, `nqi run`: processes on this machine."""

import json
import os
import secrets
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from deploy.cli.http import Api
from deploy.cli.needs import play, show_played
from deploy.cli.people import direct, district_of
from deploy.demo import partners
from deploy.demo import replay as demo_needs
from deploy.demo.resources import resources
from deploy.local.supervisor import SERVICES, Supervisor, readable
from services.gateway import accounts
from shared import store
from shared.access import Role
from shared.config import Settings, settings
from shared.contracts.station import ListStations
from shared.upgrade import upgrade

DEMO = Path(__file__).parent.parent / "demo"
COLOURS = ("cyan", "green", "yellow", "magenta", "blue", "red", "bright_cyan", "white")
console = Console()


def up(quiet: Annotated[bool, typer.Option(help="Show only warnings and errors of the services.")] = False) -> None:
    """Run a private broker (unless AMQP_URI names one) and every service, until Ctrl-C."""
    supervisor = _start(settings(), quiet)
    try:
        supervisor.wait_ready()
        console.print(f"\nReady: http://127.0.0.1:{settings().port}/  (API: /api/v1/, Ctrl-C stops everything)\n")
        supervisor.wait()
    finally:
        supervisor.stop()


def run(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(SERVICES)}.")],
    only: Annotated[str, typer.Option(help="For providers: the targets to serve, separated by commas.")] = "",
    workers: Annotated[int | None, typer.Option(help="Messages handled at once.", min=1, max=100)] = None,
) -> None:
    """Run one service, or one more of it, beside what `nqi up` or other machines run."""
    if service not in SERVICES:
        raise typer.BadParameter(f"there is {', '.join(SERVICES)}")
    environment = dict(os.environ)
    if only:
        environment["NQI_ONLY"] = only
    if workers:
        environment["NQI_WORKERS"] = str(workers)
    os.execve(sys.executable, [sys.executable, "-m", "deploy.local.process", service], environment)


def demo(
    needs: Annotated[Path, typer.Option(help="The needs to play.")] = DEMO / "needs.jsonl",
    exit_: Annotated[bool, typer.Option("--exit", envvar="DEMO_EXIT", help="End after the demo.")] = False,
    verbose: Annotated[bool, typer.Option(help="Show all that the services log.")] = False,
) -> None:
    """Run everything with a demo district, play its needs through the whole flow, and keep running until Ctrl-C."""
    given = settings()
    if given.production:
        raise typer.BadParameter("the demo makes demo accounts, which NQI_MODE=production refuses")
    supervisor = _start(given, quiet=not verbose)
    try:
        supervisor.wait_ready()
        url = f"http://127.0.0.1:{given.port}"
        _load_demo_district()
        people = demo_accounts(given)
        _tell_where(url, people)
        unfinished = _play(url, people, needs)
        console.print(f"\nLook around: {url}/ · staff: {url}/desk")
        console.print(f"Dossiers:    {given.home / 'archive'}\n", soft_wrap=True)
    except BaseException:
        supervisor.stop()
        raise
    count, left = unfinished
    line = f"demo complete: {count} needs, {left} unfinished"
    if exit_:
        supervisor.stop()
        print(line, flush=True)
        sys.exit(1 if left else 0)
    try:
        console.print(f"{line}\nRunning until Ctrl-C.")
        supervisor.wait()
    finally:
        supervisor.stop()


def demo_accounts(given: Settings) -> dict[str, str]:
    """Account -> password; made once, and kept in a file that only the owner reads."""
    file = given.home / "demo-accounts.json"
    if file.exists():
        return dict(json.loads(file.read_text()))
    upgrade("gateway")
    engine = store.connect("gateway")
    parks = {park.code: park.short for park in district_of(DEMO / "district.yaml").parks}
    made = accounts.demo_accounts(engine, parks, {one.code: one.name for one in partners.organizations()})
    for account in accounts.list_accounts(engine):
        if account.demo and account.id not in made:  # the file was lost, and with it the old password
            made[account.id] = accounts.reset(engine, account.id)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(made, out, ensure_ascii=False, indent=1)
    return made


def _start(given: Settings, quiet: bool) -> Supervisor:
    lock = threading.Lock()
    colours = dict(zip(("up", *SERVICES), COLOURS, strict=True))

    def say(who: str, line: str) -> None:
        if quiet and who != "up" and not _matters(line):
            return
        with lock:
            console.print(f"[{colours[who]}]{who:>9}[/] ", end="")
            console.print(readable(line), markup=False, highlight=False)

    supervisor = Supervisor(given, say)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: _interrupt())
    supervisor.start()
    return supervisor


def _interrupt() -> None:
    """The first Ctrl-C stops everything in order; while that runs, further ones are ignored."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    console.print("\nStopping: work in flight is finished or given back.")
    raise SystemExit(0)


def _matters(line: str) -> bool:
    return not line.startswith("{") or '"level": "info"' not in line


def _load_demo_district() -> None:
    command = district_of(DEMO / "district.yaml")
    with direct(Role.SYSTEM) as ask:
        ask(command, command_id=f"district-{secrets.token_hex(8)}")
        until = time.monotonic() + 20
        while len(ask(ListStations()).stations) < len(command.parks) and time.monotonic() < until:
            time.sleep(0.1)
        for resource in resources(command.parks):
            ask(resource)


def _tell_where(url: str, people: dict[str, str]) -> None:
    console.print(f"\n[bold]Ready:[/] {url}/")
    console.print(f"  state a need   {url}/tianan")
    console.print(f"  staff          {url}/desk")
    console.print(f"                 account [bold]chen[/], password [bold]{people['chen']}[/]")
    console.print(f"  organization   {url}/org")
    console.print(f"                 account [bold]org.py-jc[/], password [bold]{people['org.py-jc']}[/]")
    console.print(f"  API            {url}/api/v1/openapi.json")
    console.print(f"  all accounts   {settings().home / 'demo-accounts.json'}\n", soft_wrap=True)


def _signed_in(url: str, people: dict[str, str], account: str) -> Api:
    api = Api(url)
    api.sign_in(account, people[account])
    return api


def _play(url: str, people: dict[str, str], file: Path) -> tuple[int, int]:
    """Plays the file's needs with a progress bar and a table; returns how many, and how many did not end rightly."""
    api = _signed_in(url, people, "chen")
    codes = partners.enter(_signed_in(url, people, "operator"))
    theirs = {code: _signed_in(url, people, f"org.{code.lower()}") for code in codes}
    found = list(demo_needs.read(file.read_text().splitlines()))
    needs = [one for one in found if isinstance(one, demo_needs.Need)]
    played = play(partners.Matchmaker(api, f"demo-{file.stem}", theirs), needs)
    show_played(console, played)
    for wrong in found:
        if isinstance(wrong, demo_needs.Malformed):
            console.print(f"[red]{wrong}")
    return len(played), sum(not one.finished for one in played)
