"""The gateway as a process: its set-up, its server, and its end."""

import signal

import uvicorn

from services.gateway.accounts import list_accounts
from services.gateway.accounts.doors import Doors
from services.gateway.accounts.people import People
from services.gateway.app import build
from services.gateway.assets import Assets
from services.gateway.known import Known
from services.gateway.live import Live
from services.gateway.seals import Seals
from services.gateway.shell import Figures
from services.gateway.spool import Spool
from services.gateway.visit import Gateway
from shared import keys, log, runs, store
from shared.client import Bus
from shared.config import CannotStart, Settings, settings
from shared.upgrade import DatabaseNewer, DatabaseUnreachable, upgrade

HOST = "127.0.0.1"
END_SECONDS = 15  # for requests in flight

logger = log.get(__name__)


def serve(service: str = "gateway") -> None:
    """Run until SIGTERM or SIGINT, then let requests in flight finish. Raises CannotStart."""
    given = settings()
    log.setup(service, given.log_level)
    gateway = make(given)
    gateway.bus.start()
    run = runs.tell(given.home, service, HOST, given.port)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)  # uvicorn raises it again when it is done, and we are not done then
    try:
        Server(gateway).run()
    finally:
        run.unlink(missing_ok=True)
        gateway.bus.close()
    logger.info("service_stopped")


def make(given: Settings) -> Gateway:
    """Everything the requests need; raises CannotStart."""
    if not given.amqp_uri:
        raise CannotStart("no broker runs here: start one with `nqi up`, or set AMQP_URI to yours")
    try:
        upgrade("gateway")
    except (DatabaseNewer, DatabaseUnreachable) as error:
        raise CannotStart(str(error)) from error
    engine = store.connect("gateway")
    demo = [account.id for account in list_accounts(engine) if account.demo and not account.disabled_at]
    if given.production and demo:
        raise CannotStart(
            f"production does not start with demo accounts ({', '.join(demo)}): "
            "remove them with `nqi user remove-demo`, and make your own with `nqi user add`"
        )
    assets = Assets()
    if assets.missing:
        raise CannotStart(f"{assets.missing[0]} is not there: install the pages' files with `make setup`")
    key = keys.signing_key(given)
    live = Live()
    bus = Bus(given.amqp_uri, key, "gateway")
    bus.hear(live.hear)
    return Gateway(
        settings=given,
        bus=bus,
        people=People(engine),
        doors=Doors(engine, keys.data_key(given)),
        spool=Spool(engine, bus, given),
        seals=Seals(key),
        known=Known(bus),
        live=live,
        assets=assets,
        figures=Figures(),
    )


class Server(uvicorn.Server):
    """Ends the live streams first, or the others would wait for them."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway
        super().__init__(
            uvicorn.Config(
                build(gateway),
                host=HOST,
                port=gateway.settings.port,
                access_log=False,
                log_config=None,
                server_header=False,
                proxy_headers=gateway.settings.behind_proxy,
                forwarded_allow_ips=HOST,
                timeout_graceful_shutdown=END_SECONDS,
            )
        )

    async def shutdown(self, *args: object, **kwargs: object) -> None:
        self._gateway.live.close()
        await super().shutdown(*args, **kwargs)  # type: ignore[arg-type]
