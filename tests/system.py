"""A whole system, or one service of it, as real processes for a test."""

import json
import os
import signal
import time
import urllib.error
import urllib.request
import uuid
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from deploy.cli.http import Api
from deploy.local.processes import free_port
from deploy.local.supervisor import SERVICES, Supervisor
from shared import keys
from shared.access import EVERYWHERE, Actor, Role
from shared.client import Bus
from shared.config import Settings, settings

ADMIN = Actor(id="test", role=Role.ADMIN, name="测试", parks=(EVERYWHERE,))
STAFF = Actor(id="chen", role=Role.STAFF, name="陈专员", parks=(EVERYWHERE,))
PUBLIC = Actor(id="public", role=Role.PUBLIC)


def eventually(look: Callable[[], Any], seconds: float = 15, what: str = "it") -> Any:
    """What `look` returns once that is true; the bus is asynchronous, so a fact may be a moment late."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"{what} did not happen in {seconds} s"
        time.sleep(0.02)
    return found


class System:
    """Services under the real supervisor, with a home, a broker's virtual host and a database of their own."""

    def __init__(
        self,
        home: Path,
        amqp_uri: str,
        database_url: str = "",
        services: tuple[str, ...] = SERVICES,
        module: str = "deploy.local.process",
        **environment: str,
    ) -> None:
        with free_port() as port:
            self.port = port.getsockname()[1]
        self.settings: Settings = replace(
            settings(), home=home, amqp_given=amqp_uri, database_url=database_url, port=self.port
        )
        self.environment = {
            **os.environ, "NQI_HOME": str(home), "AMQP_URI": amqp_uri, "DATABASE_URL": database_url,
            "NQI_PORT": str(self.port), **environment,
        }  # fmt: skip
        self.log: list[tuple[str, str]] = []
        self.passwords: dict[str, str] = {}
        self.supervisor = Supervisor(
            self.settings, lambda who, line: self.log.append((who, line)), services, self.environment, module
        )

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "System":
        self.supervisor.start()
        self.supervisor.wait_ready(90)
        return self

    def stop(self) -> None:
        self.supervisor.stop()

    def bus(self, uri: str = "") -> Bus:
        return Bus(uri or self.settings.amqp_given, keys.signing_key(self.settings), "test").start(wait=5)

    def api(self, **given: Any) -> Api:
        return Api(self.url, **given)

    def kill(self, service: str, number: signal.Signals = signal.SIGKILL) -> int:
        """Send a signal to the process that runs a service now; returns its pid."""
        pid = eventually(lambda: self.supervisor.pid(service), what=f"{service} running")
        os.kill(pid, number)
        return int(pid)

    def healthy(self, service: str, pid: int | None = None) -> bool:
        """What /healthz of the service's process says now: the supervisor's, or the one with this pid."""
        try:
            return bool(self._ask(service, "healthz", pid))
        except (urllib.error.URLError, OSError):
            return False

    def handled(self, service: str, pid: int) -> Counter[str]:
        """How many messages this process has handled well, by entrypoint."""
        found: Counter[str] = Counter()
        for family in text_string_to_metric_families(self._ask(service, "metrics", pid)):
            for sample in family.samples:
                if sample.name == "nqi_handling_seconds_count" and sample.labels["outcome"] == "ok":
                    found[sample.labels["entrypoint"]] += int(sample.value)
        return found

    def histogram(self, service: str, metric: str, entrypoint: str) -> list[tuple[float, float]]:
        """The cumulative buckets of one entrypoint: upper bound and count."""
        wanted = {"service": service, "entrypoint": entrypoint}
        return [
            (float(sample.labels["le"]), sample.value)
            for family in text_string_to_metric_families(self._ask(service, "metrics"))
            for sample in family.samples
            if sample.name == f"{metric}_bucket" and wanted.items() <= sample.labels.items()
        ]

    def _ask(self, service: str, path: str, pid: int | None = None) -> str:
        file = self.settings.home / "run" / f"{service}-{pid or self.supervisor.pid(service)}.json"
        target = json.loads(file.read_text())[0]["targets"][0]
        with urllib.request.urlopen(f"http://{target}/{path}", timeout=3) as answer:
            return str(answer.read().decode())

    def events(self, name: str) -> list[dict[str, Any]]:
        """The log entries of this name, of all services."""
        found = []
        for _, line in list(self.log):
            if f'"event": "{name}"' in line:
                found.append(json.loads(line))
        return found


class Management:
    """The management API of a test's broker."""

    def __init__(self, uri: str) -> None:
        account, _, self._base = uri.removeprefix("http://").partition("@")
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, f"http://{self._base}/", *account.split(":"))
        self._user = account.split(":")[0]
        self._open = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPBasicAuthHandler(passwords)
        ).open

    def virtual_host(self) -> str:
        """The name of a fresh one, which the broker's user may use."""
        name = f"test-{uuid.uuid4().hex[:10]}"
        self.call("PUT", f"vhosts/{name}", {})
        self.call("PUT", f"permissions/{name}/{self._user}", {"configure": ".*", "write": ".*", "read": ".*"})
        return name

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        request = urllib.request.Request(
            f"http://{self._base}/api/{path}", method=method,
            data=None if body is None else json.dumps(body).encode(), headers={"Content-Type": "application/json"},
        )  # fmt: skip
        with self._open(request, timeout=10) as answer:
            content = answer.read()
        return json.loads(content) if content else None
