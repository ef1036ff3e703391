"""`nqi user ...` and `nqi district ...`: accounts, and the parks they work in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
import yaml
from rich.console import Console
from rich.table import Table

from services.gateway import accounts
from shared import keys, store
from shared.access import EVERYWHERE, Actor, Role
from shared.client import Bus
from shared.config import CannotStart, settings
from shared.contracts.base import Answer, Command, Query
from shared.contracts.station import GivenDistrict, GivenPark, LoadDistrict
from shared.ids import new_id
from shared.upgrade import upgrade
from shared.wire import load

console = Console()


@contextmanager
def direct(role: Role) -> Iterator[Callable[..., Any]]:
    """Ask services over the bus, as whoever holds this installation's key may."""
    given = settings()
    if not given.amqp_uri:
        raise CannotStart("no broker runs here: start the system with `nqi up`, or set AMQP_URI")
    actor = Actor(id="cli", role=role, parks=(EVERYWHERE,))
    bus = Bus(given.amqp_uri, keys.signing_key(given), "nqi").start(wait=5)

    def ask(message: Command | Query, command_id: str = "") -> Answer:
        return bus.ask_now(message, actor=actor, command_id=command_id or new_id())

    try:
        yield ask
    finally:
        bus.close()


def district_of(file: Path) -> LoadDistrict:
    """Raises CannotStart or Invalid where the file does not describe a district."""
    try:
        given = yaml.safe_load(file.read_text(encoding="utf-8"))
        district, parks = given["district"], given["parks"]
    except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
        raise CannotStart(
            f"{file} does not describe a district ({error}); deploy/demo/district.yaml shows how"
        ) from error
    return LoadDistrict(district=load(GivenDistrict, district), parks=tuple(load(GivenPark, park) for park in parks))


def load_(file: Annotated[Path, typer.Argument(help="A district's description in YAML.", exists=True)]) -> None:
    """Open the stations of a district, or update them; what is there already stays."""
    with direct(Role.SYSTEM) as ask:
        told = ask(district_of(file))
    console.print(f"{told.opened} stations opened or updated, {told.unchanged} unchanged")


def add(
    account: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[
        Literal["staff", "operator", "regulator", "admin", "organization", "client"],
        typer.Option(help="What it may do."),
    ],
    name: Annotated[str, typer.Option(help="How people address them, such as 陈专员.")],
    park: Annotated[list[str], typer.Option(help="A park the account works in; repeat for more, * for all.")] = [],  # noqa: B006
    organization: Annotated[str, typer.Option(help="For role organization: its code on the register.")] = "",
    client: Annotated[str, typer.Option(help="For role client: the enterprise's unified social credit code.")] = "",
) -> None:
    """Make an account; prints its first password."""
    password = accounts.add(_gateway(), account, role, park, name, organization=organization, client=client)
    console.print(f"account {account}, password {password}", highlight=False)


def list_() -> None:
    """Every account."""
    table = Table("account", "name", "role", "parks", "acts for", "state", box=None)
    for one in accounts.list_accounts(_gateway()):
        state = "disabled" if one.disabled_at else ""
        table.add_row(one.id, one.display_name, one.role, " ".join(one.parks), one.organization or one.client, state)
    console.print(table)


def disable(account: Annotated[str, typer.Argument(help="The account to shut.")]) -> None:
    """Shut an account; its sessions end at once."""
    accounts.disable(_gateway(), account)
    console.print(f"account {account} is disabled")


def reset(account: Annotated[str, typer.Argument(help="The account whose password was lost.")]) -> None:
    """Give an account a new password; its sessions end at once."""
    console.print(f"account {account}, password {accounts.reset(_gateway(), account)}", highlight=False)


def remove_demo() -> None:
    """Take the demo accounts away, as production wants it."""
    console.print(f"removed: {', '.join(accounts.remove_demo(_gateway())) or 'there were none'}", highlight=False)


def _gateway() -> Any:
    upgrade("gateway")
    return store.connect("gateway")


USER: Sequence[Callable[..., Any]] = [add, list_, disable, reset, remove_demo]
DISTRICT: Sequence[Callable[..., Any]] = [load_]
