from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.archive.domain import Head, Line, append, broken_at, canonical
from tests.builders import NOON


def lines(texts: list[str]) -> list[Line]:
    head, made = Head(), []
    for n, text in enumerate(texts):
        body = {"event_id": f"e{n}", "park": "p", "occurred_at": NOON.isoformat(), "text": text}
        made.append(append(head, "intake.request_received", body))
        head = Head(sequence=made[-1].sequence, hash=made[-1].hash)
    return made


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
    assert broken_at(chain) is not None


def test_a_line_taken_away_put_in_or_moved_shows():
    chain = lines(["a", "b", "c", "d"])
    assert broken_at(chain[:1] + chain[2:]) == 3
    assert broken_at(chain[1:]) == 2
    assert broken_at([chain[0], chain[0], *chain[1:]]) == 1
    assert broken_at([chain[1], chain[0], *chain[2:]]) == 2


def test_a_body_is_written_in_one_way_only():
    assert canonical({"b": 1, "a": "字"}) == canonical({"a": "字", "b": 1}) == '{"a":"字","b":1}'
