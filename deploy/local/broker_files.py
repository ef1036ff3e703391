"""The folder of one broker: its secrets, configuration and logs, and all that its programs learn of the world."""

import os
import re
import secrets
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from deploy.local.errors import PackageMissing
from deploy.local.processes import LOOPBACK

# Not the wrappers in /usr/sbin: those change the user and HOME, and with it the Erlang cookie.
PROGRAMS = Path("/usr/lib/rabbitmq/bin")
NODE = "nqi@localhost"
USER = "nqi"

_PLAIN = re.compile(r"[\w./+@%=-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Where a node listens."""

    amqp: int
    management: int
    metrics: int
    distribution: int
    epmd: int


class BrokerFiles:
    """Everything a node finds on disk; for its owner's eyes only."""

    def __init__(self, folder: Path, plugins: Sequence[str]) -> None:
        self.folder = folder
        self.log = folder / "log" / "broker.log"
        self.words = folder / "log" / "console.log"  # What is said before and beside the log.
        self.connection = folder / "connection.json"
        self.lock = folder / "lock"
        self.unproven = folder / "unproven"  # There from the making of the data until the node first was ready.
        self._plugins = tuple(plugins)

    def make(self) -> None:
        for folder in (self.folder, self.log.parent):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    @property
    def password(self) -> str:
        return self._secret("password")

    def prepare(self, ports: Ports) -> None:
        """Writes what the node reads at its start. Data of a first start that was cut short is made anew.

        No node can start on such data, and nobody's messages are in it.
        """
        self.words.unlink(missing_ok=True)
        data = self.folder / "data"
        if self.unproven.exists():
            shutil.rmtree(data, ignore_errors=True)
        if not data.exists():
            self.unproven.touch(mode=0o600)
        self._secret(".erlang.cookie")
        settings: dict[str, object] = {
            "listeners.tcp.1": f"{LOOPBACK}:{ports.amqp}",
            "default_user": USER,
            "default_pass": self.password,
            "log.console": "false",
            "log.file.level": "info",
            "log.file.rotation.size": 10 * 1024 * 1024,
            "log.file.rotation.count": 3,
            "collect_statistics_interval": 30000,  # Figures cost the node more than messages do at the usual 5 s.
        }
        if "rabbitmq_management" in self._plugins:
            settings |= {"management.tcp.ip": LOOPBACK, "management.tcp.port": ports.management}
        if "rabbitmq_prometheus" in self._plugins:
            settings |= {"prometheus.tcp.ip": LOOPBACK, "prometheus.tcp.port": ports.metrics}
        self.write(self.folder / "rabbitmq.conf", "".join(f"{name} = {value}\n" for name, value in settings.items()))
        self.write(self.folder / "enabled_plugins", f"[{','.join(self._plugins)}].\n")
        self._link_programs()

    def environment(self, ports: Ports) -> dict[str, str]:
        """For programs started in the folder; nothing of the machine's own broker or of our caller gets in."""
        # RabbitMQ's scripts and plugins stumble over spaces, colons and Chinese in a path, so they get another
        # name of the folder they stand in.
        here = str(self.folder) if _PLAIN.fullmatch(str(self.folder)) else "/proc/self/cwd"
        return {
            "PATH": "/usr/bin:/bin",
            "LC_ALL": "C.UTF-8",
            "HOME": here,
            "ERL_CRASH_DUMP": f"{here}/log/crash.dump",
            "ERL_EPMD_ADDRESS": LOOPBACK,
            "ERL_EPMD_PORT": str(ports.epmd),
            "ERL_FLAGS": "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
            "RABBITMQ_NODENAME": NODE,
            "RABBITMQ_SCRIPTS_DIR": f"{here}/runtime/sbin",
            "RABBITMQ_MNESIA_BASE": f"{here}/data",
            "RABBITMQ_LOG_BASE": f"{here}/log",
            "RABBITMQ_LOGS": f"{here}/log/{self.log.name}",
            "RABBITMQ_PID_FILE": f"{here}/node.pid",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{here}/enabled_plugins",
            "RABBITMQ_CONFIG_FILE": f"{here}/rabbitmq.conf",
            # These three do not exist; named, they keep the machine's own from being read.
            "RABBITMQ_CONFIG_FILES": f"{here}/conf.d/*.conf",
            "RABBITMQ_ADVANCED_CONFIG_FILE": f"{here}/advanced.config",
            "RABBITMQ_CONF_ENV_FILE": f"{here}/rabbitmq-env.conf",
            "RABBITMQ_ALLOW_INPUT": "1",  # Replaces the starting shell by the VM, so that its pid is the node's.
            "RABBITMQ_SCHEDULER_BIND_TYPE": "u",  # Else several nodes on one machine all sit on the same cores.
            "RABBITMQ_SCHEDULER_BUSY_WAIT_THRESHOLD": "none",
        }

    def console(self) -> BinaryIO:
        """Where epmd, the starting script and a dying VM write."""
        return open(os.open(self.words, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "ab")

    def write(self, path: Path, text: str) -> None:
        """Whole or not at all."""
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        with open(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            file.write(text)
        draft.replace(path)

    def _secret(self, name: str) -> str:
        """Made once; the node's data remembers it."""
        path = self.folder / name
        if not path.exists():
            self.write(path, secrets.token_hex(16))
        return path.read_text()

    def _link_programs(self) -> None:
        """Leaves only the wanted plugins in the node's reach.

        Erlang looks for every module it loads in the folder of every plugin there is, which costs a second.
        """
        installed = (PROGRAMS / "rabbitmq-server").resolve().parents[1]
        runtime = self.folder / "runtime"
        shutil.rmtree(runtime, ignore_errors=True)
        (runtime / "plugins").mkdir(parents=True)
        for name in ("sbin", "escript"):
            (runtime / name).symlink_to(installed / name)
        found = {folder.name.rpartition("-")[0]: folder for folder in (installed / "plugins").glob("*-*")}
        if unknown := sorted(set(self._plugins) - found.keys()):
            raise PackageMissing(f"this RabbitMQ has no plugin {', '.join(unknown)}; ask for others")
        linked: set[str] = set()
        ahead = ["rabbit", *self._plugins]
        while ahead:
            name = ahead.pop()
            if name in linked or name not in found:
                continue  # What is not a plugin belongs to Erlang itself.
            linked.add(name)
            (runtime / "plugins" / found[name].name).symlink_to(found[name])
            ahead += _applications((found[name] / "ebin" / f"{name}.app").read_text())


def _applications(specification: str) -> list[str]:
    """The applications that an Erlang .app file asks for."""
    found = re.search(r"\{\s*applications\s*,\s*\[([^]]*)]", specification)
    return re.findall(r"\w+", found[1]) if found else []
