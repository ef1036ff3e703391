"""How requests stand, on both databases."""

from datetime import timedelta

import pytest

from services.dispatch.domain.life import Stage
from services.dispatch.handlers.standings import list_standings
from shared.contracts.dispatch import ListStandings
from shared.errors import Invalid
from tests.builders import NOON, item

OVER = (Stage.SEALED, Stage.ANSWERED)
DAY = timedelta(days=1)


KNOWN = {
    1: ("天安2026-0001", NOON), 2: ("天安2026-0002", NOON + DAY), 3: ("天安2026-0003", NOON + 2 * DAY),
    4: ("天安2026-0003", NOON + 2 * DAY), 5: ("巨大2026-0001", NOON + 3 * DAY),
}  # fmt: skip


@pytest.fixture
def known(work):
    """Four requests; the third has two items, one of them over."""
    with work() as uow:
        for one in (
            item(item_id="i1", number="天安2026-0001", opened_at=NOON, stage=Stage.SEALED, item="5.3.d", category="c3"),
            item(item_id="i2", number="天安2026-0002", opened_at=NOON + DAY),
            item(item_id="i3", number="天安2026-0003", opened_at=NOON + 2 * DAY, stage=Stage.SEALED, category="c4"),
            item(item_id="i4", number="天安2026-0003", opened_at=NOON + 2 * DAY, category="c3", item="5.3.b"),
            item(item_id="i5", number="巨大2026-0001", opened_at=NOON + 3 * DAY, park="juda", stage=Stage.ANSWERED),
        ):
            uow.items.add(one)
        uow.commit()
    return work


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, "5 4 3 2 1"),
        ({"parks": ("juda",)}, "5"),
        ({"numbers": ("天安2026-0001", "天安2026-0003")}, "4 3 1"),
        ({"services": ("5.3.d",)}, "1"),
        ({"services": ("c3",)}, "4 1"),
        ({"services": ("",)}, "5 3 2"),
        ({"since": NOON + DAY, "until": NOON + 2 * DAY}, "4 3 2"),
        ({"over": OVER, "closed": True}, "5 1"),
        ({"over": OVER, "closed": False}, "4 3 2"),
        ({"skip": 1, "limit": 2}, "4 3"),
    ],
)
def test_lists_what_is_wanted_newest_first(known, wanted, found):
    with known() as uow:
        listed = uow.standings.list(ListStandings(**wanted))
    assert [(one.number, one.opened_at) for one in listed] == [KNOWN[int(n)] for n in found.split()]


def test_tells_nothing_of_what_was_said_and_by_whom(known):
    told = list_standings(ListStandings(), known())
    assert not {"text", "company", "details", "owner_name"} & set(vars(told.standings[0]))


@pytest.mark.parametrize("wanted", [{"limit": 0}, {"limit": 251}, {"skip": -1}, {"numbers": ("x",) * 251}])
def test_refuses_more_than_a_message_holds(known, wanted):
    with pytest.raises(Invalid):
        list_standings(ListStandings(**wanted), known())
