"""The command line, as a person types it: what it prints and how it ends."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from shared.amqp import PARKING, ConfirmPublisher, Outgoing
from tests.flow.district import engine_of
from tests.system import System, eventually

ROOT = Path(__file__).parents[3]
NQI = [sys.executable, "-c", "from deploy.cli.main import app; app()"]


def nqi(system: System | dict, *arguments: str, status: int = 0, given: str = "") -> str:
    environment = system if isinstance(system, dict) else system.environment
    done = subprocess.run(
        [*NQI, *arguments], env={**os.environ, "COLUMNS": "200", **environment}, input=given,
        capture_output=True, text=True, timeout=90, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout + done.stderr


def test_submit_and_track(running):
    said = nqi(
        running, "submit", "想查标准 GB/T 19001", "--park", "juda", "--company", "示例企业", "--phone", "13900000000"
    )
    number, code = (line.split()[1] for line in said.splitlines()[:2])
    shown = nqi(running, "track", number, code)
    assert "想查标准" in shown
    assert "request_received" in shown
    assert json.loads(nqi(running, "track", number, code, "--json"))["request"]["number"] == number
    assert nqi(running, "track", number, "000000" if code != "000000" else "111111", status=1).startswith("nqi: ")


def test_submit_says_what_is_wrong_in_one_line_a_field(running):
    said = nqi(running, "submit", "x", "--park", "nowhere", "--company", "示例", status=1)
    assert "park" in said
    assert "没有这个园区" in said


def test_replay_plays_needs_and_names_malformed_lines(running, tmp_path):
    good = {
        "id": "A1",
        "channel": "web",
        "park": "tianan",
        "company": "示例",
        "text": "校准卡尺",
        "category": "metrology",
        "item": "5.3.d",
    }
    question = {**good, "id": "A2", "text": "几点开门？", "category": None, "item": None}
    lines = [json.dumps(good), "no json", json.dumps({**good, "id": 7}), "", json.dumps(question), json.dumps(good)]
    file = tmp_path / "needs.jsonl"
    file.write_text("\n".join(lines))
    arguments = ["replay", str(file), "--run", "once", "--password", running.passwords["chen"]]
    said = nqi(running, *arguments, status=1)
    assert "replay complete: 2 needs, 0 unfinished, 3 malformed lines" in said
    for line in ("line 2: ", "line 3: ", "line 6: "):
        assert line in said
    again = nqi(running, *arguments, status=1)
    numbers = [word for word in again.split() if word.startswith("天安2026-")]
    assert numbers == [
        word for word in said.split() if word.startswith("天安2026-")
    ]  # the run was taken up, not repeated


def test_doctor_finds_nothing_wrong_with_a_running_system(running):
    said = nqi(running, "doctor")
    assert "fault" not in said
    assert said.count("ok") >= 6


def test_verify_checks_ledger_and_dossiers(running):
    assert "0 faults" in nqi(running, "verify")


def test_dead_letters_are_listed_shown_sent_again_and_dropped(start):
    system = start(services=("station", "intake"))
    assert "nothing is parked" in nqi(system, "dead", "list")
    publisher = ConfirmPublisher(system.settings.amqp_given, "test")
    for n in range(3):
        headers = {"queue": "intake.on_station_opened", "reason": "failed", "error": "RuntimeError: x", "seal": "s"}
        properties = {"message_id": f"{n}-message", "delivery_mode": 2, "application_headers": headers}
        assert publisher.publish([Outgoing("", PARKING, b'{"n": %d}' % n, properties)]) == [True]
    publisher.close()
    listed = nqi(system, "dead", "list")
    assert [f"{n}-message" in listed for n in range(3)] == [True] * 3
    assert '"n": 1' in nqi(system, "dead", "show", "1-")
    assert "没有编号" in nqi(system, "dead", "show", "9-", status=1)
    assert "1 dropped" in nqi(system, "dead", "drop", "2-", "--yes")
    assert "0 dropped" in nqi(system, "dead", "drop", "1-", given="n\n")
    assert "1 sent again" in nqi(system, "dead", "redrive", "0-")
    eventually(lambda: "invalid" in nqi(system, "dead", "list"))  # it bore no good seal, so it is parked again


def test_accounts_are_made_listed_reset_and_shut(running):
    made = nqi(running, "user", "add", "made", "--role", "staff", "--park", "juda", "--name", "李专员")
    password = made.split()[-1]
    with running.api() as api:
        api.sign_in("made", password)
    assert "李专员" in nqi(running, "user", "list")
    assert "已经有了" in nqi(
        running, "user", "add", "made", "--role", "staff", "--park", "juda", "--name", "李", status=1
    )
    fresh = nqi(running, "user", "reset", "made").split()[-1]
    with running.api() as api, pytest.raises(Exception, match="密码"):
        api.sign_in("made", password)
    with running.api() as api:
        api.sign_in("made", fresh)
        nqi(running, "user", "disable", "made")
        with pytest.raises(Exception, match="登录"):
            api.get("/items")
    assert "没有" in nqi(running, "user", "reset", "nobody", status=1)


# --- what cannot start says why, in one line, and ends with 1


def one_line(said: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith("nqi")]
    return line


def test_a_port_in_use(running, tmp_path):
    given = {**running.environment, "NQI_HOME": str(tmp_path)}
    assert f"port {running.port} is in use" in one_line(nqi(given, "up", status=1))


def test_a_broker_that_cannot_be_reached(running, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    given = {**running.environment, "AMQP_URI": f"amqp://a:b@127.0.0.1:{port}/", "NQI_HOME": str(tmp_path)}
    said = one_line(nqi(given, "run", "intake", status=1))
    assert "broker cannot be reached" in said
    assert "AMQP_URI" in said


def test_no_broker_at_all(running, tmp_path):
    given = {**running.environment, "AMQP_URI": "", "NQI_HOME": str(tmp_path)}
    assert "no broker runs here" in one_line(nqi(given, "run", "intake", status=1))


def test_a_database_newer_than_the_code(start, database_url):
    system = start(database_url, services=("intake",))
    system.stop()
    engine = engine_of(system, "intake")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    said = one_line(nqi(system, "run", "intake", status=1))
    assert "newer version" in said


def test_a_database_that_cannot_be_opened(running, tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    given = {**running.environment, "DATABASE_URL": f"postgresql://a:b@127.0.0.1:{port}/x", "NQI_HOME": str(tmp_path)}
    assert "DATABASE_URL" in one_line(nqi(given, "run", "intake", status=1))


def test_all_wrong_settings_at_once(tmp_path):
    given = {
        "NQI_HOME": str(tmp_path), "NQI_PORT": "eighty", "NQI_MODE": "prod", "NQI_SIGNING_KEY": "short",
        "AMQP_URI": "http://x", "NQI_TIMEZONE": "Mars/Base",
    }  # fmt: skip
    said = nqi(given, "doctor", status=1)
    for name in ("NQI_PORT", "NQI_MODE", "NQI_SIGNING_KEY", "NQI_TIMEZONE"):
        assert name in said


@pytest.mark.parametrize(
    ("setting", "says"),
    [({"AMQP_URI": "amqp://guest:guest@127.0.0.1/"}, "guest"), ({"CRASH_AT": "before_commit"}, "CRASH_AT")],
)
def test_production_refuses_defaults(tmp_path, setting, says):
    given = {"NQI_HOME": str(tmp_path), "NQI_MODE": "production", **setting}
    assert says in nqi(given, "doctor", status=1)


def test_production_refuses_demo_accounts(running, tmp_path):
    home = tmp_path / "home"
    given = {**running.environment, "NQI_HOME": str(home)}
    code = (
        "from services.gateway import accounts; from shared import store; from shared.upgrade import upgrade;"
        "upgrade('gateway'); accounts.demo_accounts(store.connect('gateway'), {})"
    )
    subprocess.run([sys.executable, "-c", code], env=given, check=True, cwd=ROOT)
    said = one_line(nqi({**given, "NQI_MODE": "production", "NQI_PORT": "1"}, "run", "gateway", status=1))
    assert "demo accounts" in said
    assert "nqi user remove-demo" in said
    assert "chen" in nqi(given, "user", "remove-demo")


def test_keys_are_made_once_and_only_the_owner_reads_them(running):
    for name in ("signing.key", "data.key"):
        file = running.settings.home / "keys" / name
        assert file.stat().st_mode & 0o777 == 0o600
        assert len(bytes.fromhex(file.read_text())) == 32


def test_up_shows_each_log_restarts_what_dies_and_stops_on_ctrl_c(running, tmp_path, virtual_host):
    from deploy.local.processes import free_port

    with free_port() as port:
        number = port.getsockname()[1]
    given = {**running.environment, "NQI_HOME": str(tmp_path), "AMQP_URI": virtual_host(), "NQI_PORT": str(number)}
    log = tmp_path / "out"
    with open(log, "w") as out:
        process = subprocess.Popen([*NQI, "up"], env=given, stdout=out, stderr=subprocess.STDOUT, cwd=ROOT)
    try:
        eventually(lambda: "Ready:" in log.read_text(), seconds=60)
        (victim,) = tmp_path.glob("run/feedback-*.json")
        os.kill(int(victim.stem.rpartition("-")[2]), signal.SIGKILL)
        eventually(lambda: "feedback ended (signal 9); again in 0.5 s" in log.read_text())
        eventually(lambda: log.read_text().count("feedback") >= 3, seconds=30)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=40) == 0
    finally:
        process.kill()
    said = log.read_text()
    for service in ("station", "intake", "dispatch", "providers", "feedback", "archive", "gateway"):
        assert f"{service:>9} " in said
    assert "is killed" not in said
    assert not list(tmp_path.glob("run/*.json"))


def test_keys_and_webhooks_are_made_listed_and_revoked(tmp_path):
    home = {"NQI_HOME": str(tmp_path), "DATABASE_URL": ""}
    key = nqi(home, "open311-key", "add", "app", "--park", "tianan").strip()
    assert len(key) >= 40
    assert nqi(home, "open311-key", "add", "app", "--park", "tianan", status=1).startswith("nqi: ")
    nqi(home, "open311-key", "revoke", "app")
    listed = nqi(home, "open311-key", "list")
    assert "revoked" in listed
    assert key not in listed
    pointers = ("--map", "text=/need/text", "--map", "company==示例企业")
    secret = nqi(home, "webhook", "add", "portal", "--park", "tianan", *pointers).strip()
    assert secret.startswith("whsec_")
    listed = nqi(home, "webhook", "list")
    assert "text=/need/text" in listed
    assert secret not in listed
    assert "text" in nqi(home, "webhook", "add", "x2", "--park", "tianan", "--map", "company=/c", status=1)
    nqi(home, "webhook", "revoke", "portal")
