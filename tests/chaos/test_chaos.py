"""Two hundred needs under every fault: none is lost, and nothing happens twice."""

import pytest

from deploy.local.supervisor import SERVICES
from tests.chaos.run import Chaos

NEEDS = 200
KILLS = 3
EVERYWHERE = {"reset", "black hole", "long black hole", "half-open", "kill broker", "disk alarm"}
ON_POSTGRESQL = {"reset database", "restart database hard"}


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("on_postgresql", "seed"), [(False, 11), (True, 12)], ids=["sqlite", "postgresql"])
def test_every_need_comes_to_its_end_once_whatever_breaks(tmp_path, on_postgresql, seed):
    verdict = Chaos(tmp_path, seed, on_postgresql).run(NEEDS, KILLS)
    assert verdict.refused == []
    assert verdict.lost == []
    assert verdict.doubled == []
    assert verdict.accepted == NEEDS
    assert {service: verdict.killed[service] >= KILLS for service in SERVICES} == dict.fromkeys(SERVICES, True)
    wanted = EVERYWHERE | (ON_POSTGRESQL if on_postgresql else set())
    assert wanted <= set(verdict.faults)
    assert {name.partition(" ")[0] for name in verdict.faults} >= {"kill", "term", "suspend"}
