"""The set-up: what it asks for, what it does again after an interruption, and what it says when it cannot."""

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from deploy.local import setup
from deploy.local.setup import Need, SetupFailed

CHECKOUT = Path(__file__).parents[3]
THERE = Need("present", lambda: True)
LACKING = (Need("first", lambda: False), THERE, Need("second", lambda: False))


class FakeTools:
    """Stands for venv, pip and npm: leaves what they would leave; fails at the step it is told to."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.fails_at = ""

    def __call__(self, command: Sequence[str], told: str, **options: object) -> None:
        words = " ".join(command)
        names = {"-m venv": "venv", "--require-hashes": "packages", "-e ": "project", "npm ci": "pages"}
        step = next(name for sign, name in names.items() if sign in words)
        self.steps.append(step)
        if step == "venv":
            shutil.rmtree(setup.VENV, ignore_errors=True)
            (setup.VENV / "bin").mkdir(parents=True)
            (setup.VENV / "bin" / "python").touch()
        if step == "pages":
            shutil.rmtree(setup.PAGES / "node_modules", ignore_errors=True)
            (setup.PAGES / "node_modules").mkdir()
        if step == self.fails_at:
            raise SetupFailed(told)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeTools:
    """An own checkout with nothing installed, on a machine that has every package."""
    places = {"ROOT": "", "VENV": ".venv", "PAGES": "pages", "LOCK": "requirements.lock", "PROJECT": "pyproject.toml"}
    for name, place in places.items():
        monkeypatch.setattr(setup, name, tmp_path / place)
    setup.LOCK.write_text("kombu==5\n")
    setup.PROJECT.write_text("[project]\n")
    setup.PAGES.mkdir()
    (setup.PAGES / "package.json").write_text("{}")
    (setup.PAGES / "package-lock.json").write_text("{}")
    monkeypatch.setattr(setup, "RUN", (THERE,))
    tools = FakeTools()
    monkeypatch.setattr(setup, "run", tools)
    return tools


@pytest.fixture
def stranger() -> Iterator[tuple[Path, dict[str, int]]]:
    """A copy of the set-up where a user without root's rights can read it, and how to become that user."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        (place / "deploy" / "local").mkdir(parents=True)
        shutil.copy(setup.__file__, place / "deploy" / "local")
        if os.geteuid() != 0:
            yield place, {}
        else:
            nobody = pwd.getpwnam("nobody")
            yield place, {"user": nobody.pw_uid, "group": nobody.pw_gid}


def test_without_root_a_missing_package_stops_it_with_the_exact_command(
    stranger: tuple[Path, dict[str, int]],
) -> None:
    place, identity = stranger
    done = subprocess.run(
        ["/usr/bin/python3", "deploy/local/setup.py", "run"],
        cwd=place,
        env={"PATH": str(place)},  # Has no npm.
        capture_output=True,
        text=True,
        check=False,
        extra_groups=[] if identity else None,
        **identity,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(
        r"setup: missing: (python3-venv, )?npm;"
        r" run: sudo apt-get install -y --no-install-recommends (python3-venv )?npm\n",
        done.stderr,
    )
    assert not (place / ".venv").exists()


def test_only_what_is_missing_is_asked_for() -> None:
    with pytest.raises(SetupFailed) as failed:
        setup.bring_packages(LACKING, root=False)
    assert str(failed.value) == (
        "missing: first, second; run: sudo apt-get install -y --no-install-recommends first second"
    )
    setup.bring_packages([THERE], root=False)


def test_a_second_run_does_nothing(tools: FakeTools, capsys: pytest.CaptureFixture[str]) -> None:
    assert setup.main(["run"]) == 0
    assert tools.steps == ["venv", "packages", "project", "pages"]
    assert len(capsys.readouterr().out.splitlines()) == 3
    tools.steps.clear()
    assert setup.main(["run"]) == 0
    assert tools.steps == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("step", "again"),
    [
        ("packages", ["venv", "packages", "project", "pages"]),
        ("project", ["project", "pages"]),
        ("pages", ["pages"]),
    ],
)
def test_an_interrupted_step_is_done_again(
    tools: FakeTools, capsys: pytest.CaptureFixture[str], step: str, again: list[str]
) -> None:
    tools.fails_at = step
    assert setup.main(["run"]) == 1
    assert capsys.readouterr().err.startswith("setup: ")
    tools.fails_at = ""
    tools.steps.clear()
    assert setup.main(["run"]) == 0
    assert tools.steps == again


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements.lock", ["venv", "packages", "project"]),
        ("pyproject.toml", ["project"]),
        ("pages/package-lock.json", ["pages"]),
    ],
)
def test_a_change_repeats_only_what_depends_on_it(tools: FakeTools, changed: str, again: list[str]) -> None:
    assert setup.main(["run"]) == 0
    tools.steps.clear()
    (setup.ROOT / changed).write_text("# Other content.\n")
    assert setup.main(["run"]) == 0
    assert tools.steps == again


def test_two_set_ups_wait_for_each_other(tools: FakeTools, capsys: pytest.CaptureFixture[str]) -> None:
    holder = os.open(setup.ROOT, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    second = threading.Thread(target=setup.main, args=(["run"],))
    second.start()
    second.join(0.3)
    assert second.is_alive()
    assert tools.steps == []
    os.close(holder)
    second.join(10)
    assert tools.steps
    assert "waiting for another set-up" in capsys.readouterr().out


def test_a_failing_tool_is_heard_before_the_reason(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SetupFailed, match="no luck"):
        setup.run(["sh", "-c", "echo disk full; exit 3"], "no luck")
    assert capfd.readouterr().err == "disk full\n"
    with pytest.raises(SetupFailed, match="no-such-tool cannot be run: No such file or directory"):
        setup.run(["no-such-tool"], "no luck")


def test_another_python_is_refused_in_one_line(
    tools: FakeTools, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "version_info", (3, 13, 0))
        assert setup.main(["run"]) == 1
    assert "Python 3.11 or 3.12 is needed" in capsys.readouterr().err
    assert tools.steps == []


@pytest.mark.parametrize("name", ["requirements.lock", "services/gateway/package-lock.json"])
def test_no_lock_names_where_to_download(name: str) -> None:
    lock = (CHECKOUT / name).read_text()
    assert not re.search(r'"resolved"|--(extra-)?index-url|--find-links|@ file:|registry\.', lock)
