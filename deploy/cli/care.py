"""`nqi doctor`, `nqi dead ...`: is all well, and what to do where it is not."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import amqp
import sqlalchemy as sa
import typer
from rich.console import Console
from rich.table import Table

from services.dispatch import store as dispatch
from shared import keys, store
from shared.access import system
from shared.amqp import PARKING, BrokerUnreachable, ConfirmPublisher, Outgoing, connect, declare, drop
from shared.config import CannotStart, WrongSettings, settings
from shared.errors import Invalid, NotFound, Unproven
from shared.store import Cause
from shared.tokens import check_seal, seal
from shared.upgrade import DatabaseNewer, DatabaseUnreachable
from shared.wire import decode

SERVICES = ("station", "intake", "dispatch", "providers", "feedback", "archive", "gateway")
console = Console()


# --- doctor


def doctor(
    items: Annotated[bool, typer.Option("--items", help="Check instead that no open item is forgotten.")] = False,
) -> None:
    """Check settings, keys, broker, databases, consumers and parked messages; says what to do about each fault."""
    faults = 0
    for name, check in ({"items": _check_items} if items else _CHECKS).items():
        try:
            console.print(f"[green]ok[/]     {name}: {check()}", highlight=False, soft_wrap=True)
        except (WrongSettings, CannotStart, DatabaseNewer, DatabaseUnreachable) as error:
            faults += 1
            for line in str(error).splitlines():
                console.print(f"[red]fault[/]  {name}: {line}", highlight=False, soft_wrap=True)
            if isinstance(error, WrongSettings):
                break
    if faults:
        raise typer.Exit(1)


def _check_settings() -> str:
    given = settings()
    return f"mode {given.mode}, home {given.home}, gateway port {given.port}"


def _check_keys() -> str:
    given = settings()
    keys.signing_key(given), keys.data_key(given)
    for name in ("signing.key", "data.key", "archive.json"):
        file = given.home / "keys" / name
        if file.exists() and file.stat().st_mode & 0o077:
            raise CannotStart(f"{file} can be read by others: chmod 600 {file}")
    return "present"


def _check_broker() -> str:
    connection = _connect(settings().amqp_uri)
    try:
        product = connection.server_properties
        return f"{product.get('product', '?')} {product.get('version', '?')}"
    finally:
        drop(connection)


def _check_consumers() -> str:
    connection = _connect(settings().amqp_uri)
    try:
        absent = []
        for service in SERVICES[:-1]:
            try:
                connection.channel().queue_declare(f"rpc.{service}", passive=True)
            except amqp.NotFound:
                absent.append(service)
        if absent:
            raise CannotStart(f"not running: {', '.join(absent)}; start them with `nqi up` or `nqi run SERVICE`")
        return "every service answers"
    finally:
        drop(connection)


def _check_parked() -> str:
    with parked_messages(settings().amqp_uri) as messages:
        count = sum(1 for _ in messages())
    if count:
        raise CannotStart(f"{count} messages could not be handled: see `nqi dead list`")
    return "none"


def _check_databases() -> str:
    said = []
    for service in SERVICES:
        engine = store.connect(service, pool=1)
        if engine.dialect.name == "sqlite" and not store.sqlite_path(service).exists():
            raise CannotStart(f"{service} has none yet: start it once with `nqi up`")
        try:
            with engine.connect().execution_options(reads=True) as connection:
                version = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
                outbox = sa.text("SELECT count(*), min(said_at) FROM outbox WHERE sent_at IS NULL")
                waiting, since = connection.execute(outbox).one() if service != "gateway" else (0, None)
        except sa.exc.DBAPIError as error:
            raise CannotStart(f"{service} cannot be opened: {error.orig}") from error
        finally:
            engine.dispose()
        said.append(f"{service} {version}")
        if since is not None and _age(since) > 60:
            raise CannotStart(f"{service} has {waiting} unpublished events, the oldest of {since}: is it running?")
    return ", ".join(said)


def _check_items() -> str:
    """Every open item has a clock, and, once accepted, somebody who is responsible."""
    engine = store.connect("dispatch")
    try:
        with dispatch.UnitOfWork(engine, Cause(kind="query", actor=system("cli"))) as uow:
            count, neglected = uow.items.neglected()
    except sa.exc.DBAPIError as error:
        raise CannotStart(f"dispatch's database cannot be opened: {error.orig}") from error
    finally:
        engine.dispose()
    if neglected:
        raise CannotStart("\n".join(f"{one.number} ({one.item_id}, {one.stage}) has {one.lacks}" for one in neglected))
    return f"{count} open, each with a clock and somebody responsible for it"


def _age(since: datetime | str) -> float:
    moment = datetime.fromisoformat(since) if isinstance(since, str) else since
    return time.time() - moment.timestamp()


_CHECKS: dict[str, Callable[[], str]] = {
    "settings": _check_settings, "keys": _check_keys, "databases": _check_databases, "broker": _check_broker,
    "services": _check_consumers, "parked messages": _check_parked,
}  # fmt: skip


# --- dead


@dataclass(frozen=True)
class Parked:
    """One message on the parking queue; `settle` takes it off."""

    id: str
    type: str
    queue: str
    reason: str
    error: str
    traceback: str
    parked_at: int
    body: bytes
    seal: str
    properties: dict[str, Any]
    settle: Callable[[], None]


def list_() -> None:
    """What could not be handled, oldest first."""
    table = Table("id", "parked", "queue", "reason", "error", box=None)
    with parked_messages(settings().amqp_uri) as messages:
        for one in messages():
            moment = datetime.fromtimestamp(one.parked_at).strftime("%m-%d %H:%M:%S") if one.parked_at else "?"
            table.add_row(one.id, moment, one.queue, one.reason, one.error.splitlines()[0][:100] if one.error else "")
    console.print(table if table.row_count else "nothing is parked")


def show(id: Annotated[str, typer.Argument(help="Its id, or the beginning of it.")]) -> None:
    """One message whole: why it is here, its traceback, its content."""
    with parked_messages(settings().amqp_uri) as messages:
        one = _find(messages(), id)
        for name in ("id", "type", "queue", "reason", "error"):
            console.print(f"{name:>9}  {getattr(one, name)}", highlight=False, markup=False)
        if one.traceback:
            console.print(one.traceback, highlight=False, markup=False)
        console.print(_pretty(one.body), highlight=False, markup=False)


def redrive(
    id: Annotated[str, typer.Argument(help="Its id, or the beginning of it; `all` for every one.")],
) -> None:
    """Send it again to the queue it came from; what took effect already does not take effect twice."""
    count = 0
    publisher = ConfirmPublisher(settings().amqp_uri, "nqi dead")
    with parked_messages(settings().amqp_uri) as messages:
        for one in list(messages()) if id == "all" else [_find(messages(), id)]:
            if not one.queue:
                raise NotFound("这条消息没有来处，只能查看或删除：{id}", id=one.id)
            headers = {"seal": _fresh_seal(one)}
            out = Outgoing("", one.queue, one.body, {**one.properties, "application_headers": headers})
            if not publisher.publish([out])[0]:
                raise NotFound("队列 {queue} 不在了，先启动它的服务", queue=one.queue)
            one.settle()
            count += 1
    publisher.close()
    console.print(f"{count} sent again")


def drop_(
    id: Annotated[str, typer.Argument(help="Its id, or the beginning of it; `all` for every one.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take it away for good."""
    count = 0
    with parked_messages(settings().amqp_uri) as messages:
        for one in list(messages()) if id == "all" else [_find(messages(), id)]:
            if yes or typer.confirm(f"drop {one.id} of {one.queue} for good?"):
                one.settle()
                count += 1
    console.print(f"{count} dropped")


def _connect(uri: str) -> amqp.Connection:
    if not uri:
        raise CannotStart("no broker runs here: start the system with `nqi up`, or set AMQP_URI")
    try:
        return connect(uri, "nqi")
    except BrokerUnreachable as error:
        raise CannotStart(
            f"the broker cannot be reached ({error}): check AMQP_URI, or start it with `nqi up`"
        ) from error


@contextmanager
def parked_messages(uri: str) -> Iterator[Callable[[], Iterator[Parked]]]:
    """What lies on the parking queue; messages that are not settled stay there."""
    connection = _connect(uri)
    try:
        channel = connection.channel()
        declare(channel)

        def messages() -> Iterator[Parked]:
            while message := channel.basic_get(PARKING):
                yield _parked(channel, message)

        yield messages
        connection.close()
    finally:
        drop(connection)


def _parked(channel: amqp.Channel, message: amqp.Message) -> Parked:
    headers = message.properties.get("application_headers") or {}
    death = (headers.get("x-death") or [{}])[0]  # the broker parked it itself: its process died of it
    tag = message.delivery_info["delivery_tag"]
    kept = ("content_type", "message_id", "type", "timestamp", "delivery_mode")
    return Parked(
        id=message.properties.get("message_id") or f"no-id-{tag}", type=message.properties.get("type", ""),
        queue=headers.get("queue") or death.get("queue", ""),
        reason=headers.get("reason") or f"broker: {death.get('reason', '?')}",
        error=headers.get("error", ""), traceback=headers.get("traceback", ""),
        parked_at=headers.get("parked_at", 0),
        body=message.body.encode() if isinstance(message.body, str) else message.body, seal=headers.get("seal", ""),
        properties={k: v for k, v in message.properties.items() if k in kept},
        settle=lambda: channel.basic_ack(tag),
    )  # fmt: skip


def _find(messages: Iterator[Parked], id: str) -> Parked:
    found = [one for one in messages if one.id.startswith(id)]
    if len(found) == 1:
        return found[0]
    if found:
        raise NotFound("有 {count} 条消息以 {id} 开头，请多写几位", count=len(found), id=id)
    raise NotFound("没有编号以 {id} 开头的消息", id=id)


def _fresh_seal(one: Parked) -> str:
    """A seal that has only run out is renewed; what was never sealed stays without."""
    key = keys.signing_key(settings())
    try:
        event_id = decode(one.body)["event_id"]
        check_seal(one.seal, event_id, one.body, key, expired_too=True)
    except (Invalid, Unproven, KeyError, TypeError):
        return one.seal
    return seal(event_id, one.body, key)


def _pretty(body: bytes) -> str:
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=1)
    except ValueError:
        return repr(body[:4000])


DEAD: Sequence[Callable[..., Any]] = [list_, show, redrive, drop_]
