"""A whole system under load and faults, and the count of what was lost or happened twice."""

import math
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from deploy.demo.replay import Need, Played, Player, read
from deploy.local.broker import Broker
from deploy.local.errors import CommandFailed
from deploy.local.postgres import Postgres
from deploy.local.supervisor import SERVICES
from tests.chaos.audit import Findings, audit
from tests.flow.district import load_district, staff_password
from tests.proxy import Proxy
from tests.system import System, eventually

NEEDS = Path(__file__).parents[2] / "deploy" / "demo" / "needs.jsonl"
PATIENCE = 400  # seconds in which each need must come to its end, faults and all
SETTLE_SECONDS = 120
NEEDS_A_SCHEDULE = 200  # every fault happens once while so many needs are played
DISK_ALARM = ("set_disk_free_limit", "900GB")
NO_ALARM = ("set_disk_free_limit", "50MB")


@dataclass
class Verdict:
    """How a run went. `accepted` counts the needs the API took, `killed` the processes that SIGKILL ended."""

    seed: int
    accepted: int = 0
    refused: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    killed: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)  # what services logged as errors
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"chaos: seed {self.seed}, accepted {self.accepted}, lost {len(self.lost)}, "
            f"doubled {len(self.doubled)}, faults {sum(self.faults.values())}"
        )


def needs(count: int) -> list[Need]:
    """The demo's needs over and over, each round with ids of its own, and one thing asked for by each."""
    whole = [one for one in read(NEEDS.read_text().splitlines()) if isinstance(one, Need)]
    made = []
    for n in range(count):
        need, round_ = whole[n % len(whole)], n // len(whole)
        first = f"{need.duplicate_of}-{round_}" if need.duplicate_of else ""
        made.append(replace(need, id=f"{need.id}-{round_}", duplicate_of=first, also=()))
    return made


class Chaos:
    """One system, one schedule of faults, one audit at the end."""

    def __init__(self, home: Path, seed: int, on_postgresql: bool, say: Callable[[str], None] = print) -> None:
        self._random = random.Random(seed)
        self._say = say
        self._home = home
        self.verdict = Verdict(seed)
        self._broker = Broker(home / "broker")
        self._postgres = Postgres(home / "postgres") if on_postgresql else None

    def run(self, count: int, rounds: int = 3) -> Verdict:
        """Play `count` needs while every fault happens, each service's death `rounds` times at the least."""
        begun = time.monotonic()
        with ExitStack() as running:
            running.enter_context(self._broker)
            proxies = [running.enter_context(Proxy(self._broker.amqp_uri))]
            database_url = ""
            if self._postgres is not None:
                running.enter_context(self._postgres)
                self._postgres.create("chaos")
                proxies.append(running.enter_context(Proxy(self._postgres.url("chaos"))))
                database_url = proxies[1].uri
            system = System(self._home / "system", proxies[0].uri, database_url)
            running.callback(system.stop)
            system.start()
            played = self._under_fire(system, proxies, count, rounds)
            findings = self._settled(system, played)
        self.verdict.accepted = sum(bool(one.number) for one in played)
        self.verdict.refused = findings.refused
        self.verdict.lost, self.verdict.doubled = findings.lost, findings.doubled
        ends = Counter(line.partition(";")[0] for who, line in system.log if who == "up")
        self.verdict.killed = Counter({service: ends[f"{service} ended (signal 9)"] for service in SERVICES})
        self.verdict.errors = [f"{who}: {line}" for who, line in system.log if '"level": "error"' in line]
        self.verdict.seconds = time.monotonic() - begun
        return self.verdict

    def _under_fire(self, system: System, proxies: list[Proxy], count: int, rounds: int) -> list[Played]:
        """Each fault lets some more needs be played, so that all faults and all needs meet."""
        load_district(system)
        password = staff_password(system)
        with system.api(patience=PATIENCE) as api, ThreadPoolExecutor(1) as pool:
            api.sign_in("chen", password)
            player = Player(api, f"chaos-{self.verdict.seed}", jobs=8, patience=PATIENCE)
            gate = threading.Semaphore(0)
            load = pool.submit(player.play, needs(count), lambda _: gate.acquire())
            try:
                schedules = max(1, round(count / NEEDS_A_SCHEDULE))
                for _ in range(schedules):
                    schedule = self._schedule(system, proxies, rounds)
                    share = math.ceil(count / schedules / len(schedule))
                    for name, fault in schedule:
                        gate.release(share)
                        self._happen(name, fault)
            finally:
                gate.release(count)
            return load.result()

    def _happen(self, name: str, fault: Callable[[], None]) -> None:
        self._say(f"{time.monotonic():.1f} {name}")
        fault()
        self.verdict.faults[name] += 1
        time.sleep(self._random.uniform(0.1, 1.5))

    def _schedule(self, system: System, proxies: list[Proxy], rounds: int) -> list[tuple[str, Callable[[], None]]]:
        """Every fault, in random order."""
        amqp = proxies[0]
        faults: list[tuple[str, Callable[[], None]]] = [
            (f"kill {service}", lambda service=service: self._kill(system, service))  # type: ignore[misc]
            for service in SERVICES
            for _ in range(rounds)
        ]
        faults += [
            (f"term {service}", lambda service=service: self._kill(system, service, signal.SIGTERM))  # type: ignore[misc]
            for service in self._random.sample(SERVICES, 2)
        ]
        faults += [
            (f"suspend {service}", lambda service=service: self._suspend(system, service))  # type: ignore[misc]
            for service in self._random.sample(SERVICES[1:], 2)
        ]
        faults += [
            ("reset", amqp.reset),
            ("reset", amqp.reset),
            ("black hole", lambda: self._cut(amqp, amqp.black_hole, 8)),
            ("long black hole", lambda: self._cut(amqp, amqp.black_hole, 25)),
            ("half-open", lambda: self._cut(amqp, amqp.half_open, 8)),
            ("kill broker", self._kill_broker),
            ("disk alarm", self._disk_alarm),
        ]
        if self._postgres is not None:
            faults += [("reset database", proxies[1].reset), ("restart database hard", self._restart_database)]
        self._random.shuffle(faults)
        return faults

    def _kill(self, system: System, service: str, number: signal.Signals = signal.SIGKILL) -> None:
        """At a random moment of its life: at work, or while it starts."""
        system.kill(service, number)
        if self._random.random() < 0.7:
            eventually(lambda: system.supervisor.pid(service), seconds=60)

    def _suspend(self, system: System, service: str) -> None:
        pid = system.kill(service, signal.SIGSTOP)
        time.sleep(self._random.uniform(5, 13))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    def _cut(self, proxy: Proxy, how: Callable[[], None], seconds: float) -> None:
        how()
        time.sleep(seconds)
        proxy.heal()

    def _kill_broker(self) -> None:
        self._broker.kill()
        time.sleep(1)
        self._broker.start()

    def _disk_alarm(self) -> None:
        self._ctl(*DISK_ALARM)
        time.sleep(6)
        self._ctl(*NO_ALARM)

    def _ctl(self, *arguments: str) -> None:
        """Try twice: on a machine this busy, the tool may find no answer in its time."""
        try:
            self._broker.ctl(*arguments)
        except CommandFailed:
            self._broker.ctl(*arguments)

    def _restart_database(self) -> None:
        assert self._postgres is not None
        self._postgres.restart("immediate")

    def _settled(self, system: System, played: list[Played]) -> Findings:
        """Wait until nothing is on its way, then look at every database and every dossier."""
        until = time.monotonic() + SETTLE_SECONDS
        while True:
            findings = audit(system, played)
            if not findings.lost or time.monotonic() > until:
                return findings
            time.sleep(1)
