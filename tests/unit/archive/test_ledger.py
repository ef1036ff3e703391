from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.archive.domain.ledger import Chain, Head, Line, append, canonical, link
from tests.builders import NOON


def lines(texts: list[str]) -> list[Line]:
    head, made = Head(), []
    for n, text in enumerate(texts):
        body = {"event_id": f"e{n}", "park": "p", "occurred_at": NOON.isoformat(), "text": text}
        made.append(append(head, "intake.request_received", body))
        head = Head(sequence=made[-1].sequence, hash=made[-1].hash)
    return made


def broken_at(chain: list[Line], end: Head | None = None) -> int | None:
    """The first broken line of a ledger that is left at `end`, by default where this one ends."""
    following = Chain()
    assert list(following.follow(chain)) == chain
    broken = following.end(end or Head(sequence=chain[-1].sequence, hash=chain[-1].hash) if chain else Head())
    return broken.sequence if broken else None


@given(st.lists(st.text(max_size=5), max_size=6))
def test_a_chain_as_it_was_made_is_whole(texts):
    assert broken_at(lines(texts)) is None


@pytest.mark.clause("6.7")
@pytest.mark.parametrize("place", range(4))
@pytest.mark.parametrize(
    "change", [{"body": "{}"}, {"key": "x.y"}, {"hash": "0" * 64}, {"previous": "f" * 64}, {"sequence": 9}]
)
def test_any_change_of_any_line_shows(place, change):
    chain = lines(["a", "b", "c", "d"])
    chain[place] = replace(chain[place], **change)
    assert broken_at(chain) == (place + 1 if change != {"sequence": 9} else min(place + 1, 4))


@pytest.mark.parametrize(
    "change", [{"event_id": "e9"}, {"request_id": "r9"}, {"item_id": "i9"}, {"occurred_at": NOON.replace(hour=1)}]
)
def test_a_line_filed_under_something_else_shows(change):
    chain = lines(["a", "b", "c"])
    chain[1] = replace(chain[1], **change)
    assert broken_at(chain) == 2


def test_lines_cut_off_the_end_show():
    chain = lines(["a", "b", "c", "d"])
    end = Head(sequence=4, hash=chain[3].hash)
    assert broken_at(chain, end) is None
    assert broken_at(chain[:2], end) == 3
    assert broken_at(chain, Head(sequence=4, hash="0" * 64)) == 4
    assert broken_at(chain, Head(sequence=3, hash=chain[2].hash)) == 4


def test_a_line_changed_with_its_hash_shows_at_the_next():
    chain = lines(["a", "b", "c"])
    body = canonical({**chain[1].__dict__, "occurred_at": NOON.isoformat(), "park": "p", "body": "", "text": "x"})
    chain[1] = replace(chain[1], body=body, hash=link(chain[1].previous, 2, chain[1].key, body))
    assert broken_at(chain) == 3


def test_a_line_taken_away_put_in_or_moved_shows():
    chain = lines(["a", "b", "c", "d"])
    assert broken_at(chain[:1] + chain[2:]) == 2
    assert broken_at(chain[1:]) == 1
    assert broken_at([chain[0], chain[0], *chain[1:]]) == 1
    assert broken_at([*chain[:2], chain[0], *chain[2:]]) == 1
    assert broken_at([chain[1], chain[0], *chain[2:]]) == 1


def test_a_body_is_written_in_one_way_only():
    assert canonical({"b": 1, "a": "字"}) == canonical({"a": "字", "b": 1}) == '{"a":"字","b":1}'
