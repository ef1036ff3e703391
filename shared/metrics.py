"""What every process counts; handlers never touch a metric."""

from time import perf_counter, time
from weakref import WeakKeyDictionary

from nameko.extensions import DependencyProvider
from prometheus_client import Counter, Gauge, Histogram

from shared.errors import Rejected, Unavailable
from shared.store import Answered, Repeated

_PLACE = ["service", "entrypoint"]
_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

HANDLING = Histogram("nqi_handling_seconds", "Time to handle one message.", [*_PLACE, "outcome"], buckets=_QUICK)
WAITING = Histogram(
    "nqi_queue_wait_seconds", "Time from saying an event, or sending a call, to its handler.", _PLACE, buckets=_QUICK
)
RETRIED = Counter("nqi_retried_total", "Messages put back to be tried again later.", _PLACE)
PARKED = Counter("nqi_parked_total", "Messages put on the parking queue.", [*_PLACE, "reason"])
OUTBOX_LAG = Gauge("nqi_outbox_lag_seconds", "Age of the oldest event that is not published yet.", ["service"])
PUBLISHED = Counter("nqi_published_total", "Events published from the outbox.", ["service"])


class Metrics(DependencyProvider):
    """Times every entrypoint of the service: ok, repeated, rejected, unavailable or error."""

    def setup(self) -> None:
        self._started: WeakKeyDictionary[object, float] = WeakKeyDictionary()

    def worker_setup(self, worker_ctx) -> None:  # type: ignore[no-untyped-def]
        self._started[worker_ctx] = perf_counter()
        if said := worker_ctx.data.get("said_at"):
            WAITING.labels(worker_ctx.service_name, worker_ctx.entrypoint.method_name).observe(max(0.0, time() - said))

    def worker_result(self, worker_ctx, result=None, exc_info=None) -> None:  # type: ignore[no-untyped-def]
        place = worker_ctx.service_name, worker_ctx.entrypoint.method_name
        HANDLING.labels(*place, outcome(exc_info)).observe(perf_counter() - self._started.pop(worker_ctx))


def outcome(exc_info: tuple[type, BaseException, object] | None) -> str:
    if exc_info is None:
        return "ok"
    match exc_info[1]:
        case Repeated() | Answered():
            return "repeated"
        case Rejected():
            return "rejected"
        case Unavailable():
            return "unavailable"
    return "error"
