"""Which clauses have tests: none is named that does not exist, none that is answered goes without."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.clauses import known

ROOT = Path(__file__).parent.parent
ANSWERED = (  # grows with the product
    "4.3.2", *(c for c in known() if c.startswith("5.") and c.count(".") == 2),
    "6.1", "6.2.a", "6.2.b", "6.3", "6.3.a", "6.4.1", "6.4.2", "6.5.1", "6.5.2", "6.6.1", "6.6.2", "6.6.3",
    "6.7", "7.2.3.1",
)  # fmt: skip


@pytest.fixture(scope="module")
def table() -> str:
    command = [sys.executable, "-m", "tests.clauses"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=120)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("clause", ANSWERED)
def test_an_answered_clause_has_a_test(table, clause):
    lines = table.splitlines()
    place = next(n for n, line in enumerate(lines) if line.split(" ")[0] == clause)
    assert lines[place + 1].strip().startswith("- tests/")
