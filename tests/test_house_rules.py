"""Who may import whom, and the other rules a machine can check, by reading every file."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

STDLIB = set(sys.stdlib_module_names) - {"os", "subprocess", "socket", "threading"}
PURE = {
    "access", "calendar", "clocks", "contracts", "errors", "forms", "hours", "ids", "limits", "plans", "ports",
    "readings", "states", "uscc",
}  # fmt: skip
CORE = STDLIB | {"services"} | {f"shared.{name}" for name in PURE}
STORE = CORE | {
    "os", "sqlalchemy", "shared.store", "shared.config", "shared.keys", "shared.personal", "shared.plan_store",
    "shared.wire", "shared.years",
}  # fmt: skip
PLAN = {f"shared.{name}" for name in ("access", "calendar", "contracts", "errors", "hours", "limits")}
ALLOWED = {  # what a file may import; a file that is not listed may import anything but what the rules below forbid
    "services/*/domain.py": CORE,
    "services/*/domain/*.py": CORE,
    "services/*/handlers.py": CORE,
    "services/*/handlers/*.py": CORE,
    "services/*/store.py": STORE | {"cryptography"},
    "services/*/store/*.py": STORE | {"cryptography"},
    "services/*/service.py": STDLIB | {"services", "shared"},
    "services/intake/channel.py": CORE,
    "services/intake/channels/*.py": CORE,
    "services/providers/plugin.py": CORE,
    "services/providers/plugins/*.py": CORE,
    "services/providers/plugins/*/*.py": CORE,
    "shared/clocks.py": STDLIB | PLAN,
    "shared/plan_store.py": STORE,
    "shared/plans.py": STDLIB | PLAN,
    "shared/readings.py": STDLIB | PLAN | {"shared.clocks", "shared.plans"},
    "shared/contracts/*.py": STDLIB | {"shared.contracts"},
    "shared/contracts/*/*.py": STDLIB | {"shared.contracts"},
    "shared/access.py": STDLIB | {"shared.errors"},
    "shared/calendar.py": STDLIB | {"shared.errors", "shared.hours"},
    "shared/errors.py": STDLIB,
    "shared/files/kinds.py": STDLIB | {"puremagic", "shared.errors"},
    "shared/forms.py": STDLIB | {"marshmallow", "shared.errors"},
    "shared/hours.py": STDLIB | {"shared.errors"},
    "shared/ids.py": STDLIB,
    "shared/limits.py": STDLIB | {"shared.calendar", "shared.errors"},
    "shared/ports.py": STDLIB | {"shared.access", "shared.contracts"},
    "shared/states.py": STDLIB | {"shared.errors"},
    "shared/uscc.py": STDLIB | {"shared.errors", "stdnum"},
}
ONLY = {  # who alone may import these
    "nameko": ("services/*/service.py", "shared/bus/*.py", "shared/metrics.py"),
    "eventlet": ("shared/bus/*.py",),
    "kombu": ("shared/amqp.py",),
    "amqp": ("shared/amqp.py", "shared/client.py", "shared/topology.py", "shared/bus/*.py", "deploy/cli/care.py"),
    "sqlalchemy": (
        "services/*/store.py", "services/*/store/*.py", "services/gateway/accounts/*.py", "services/*/migrations/*.py",
        "shared/store.py", "shared/plan_store.py", "shared/postgresql.py",
        "shared/migrations/*.py", "shared/upgrade.py", "shared/bus/work.py", "shared/bus/host.py",
        "services/gateway/*.py", "deploy/cli/care.py",
    ),
    "boto3": ("shared/files/shelf.py",),
    "starlette": ("services/gateway/*.py", "services/gateway/*/*.py"),
}  # fmt: skip
LONGEST = 350  # lines; a longer file holds two things
ROOTS = ("services", "shared", "deploy")
FILES = sorted(
    path for root in ROOTS for path in Path(root).rglob("*.py") if not {"node_modules", "migrations"} & set(path.parts)
)


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, allowed: set[str]) -> bool:
    return any(name == a or name.startswith(f"{a}.") for a in allowed)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_imports_only_what_its_layer_may(path):
    for pattern, allowed in ALLOWED.items():
        if path.match(pattern):
            assert not [name for name in imports(path) if not within(name, allowed)]
    for library, owners in ONLY.items():
        if not any(path.match(owner) for owner in owners):
            assert not [name for name in imports(path) if within(name, {library})]


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] == "services"], ids=str)
def test_services_meet_only_in_shared(path):
    own = ".".join(path.parts[:2])
    assert not [n for n in imports(path) if within(n, {"services", "deploy"}) and not within(n, {own})]


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] == "shared"], ids=str)
def test_shared_imports_no_service(path):
    assert not [name for name in imports(path) if within(name, {"services", "deploy"})]


@pytest.mark.parametrize("path", [p for p in FILES if p.parts[0] != "deploy"], ids=str)
def test_only_config_reads_the_environment(path):
    reads = [node for node in ast.walk(ast.parse(path.read_text())) if _environment(node)]
    assert not reads or path == Path("shared/config.py")


def _environment(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")


@pytest.mark.parametrize("path", FILES, ids=str)
def test_says_what_it_owns_and_stays_short(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST
    assert not text.strip() or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_has_no_name_that_means_nothing(path):
    assert path.stem not in ("utils", "util", "common", "helpers", "helper", "manager", "misc")


def test_no_category_is_named_outside_its_own_file():
    plugins = Path("services/providers/plugins")
    codes = {p.stem for p in plugins.iterdir() if p.stem != "__init__" and not p.name.startswith((".", "__"))}
    assert len(codes) == 9
    for path in FILES:
        if plugins in path.parents:
            continue
        named = {
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not codes & named, path
