from contextlib import suppress
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.dispatch import JobOffered
from shared.contracts.intake import SubmitNeed
from shared.errors import Invalid
from shared.wire import BODY_LIMIT, decode, dump, encode, load

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=50)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(text=TEXT, details=st.dictionaries(TEXT, VALUES, max_size=4), moment=st.datetimes(timezones=st.just(UTC)))
def test_whatever_a_message_holds_arrives(text, details, moment: datetime):
    sent = JobOffered(
        park="p", item_id="i", version=1, job_id="j", target="t", category="c", item="5.3.d", number="n",
        company=text, text=text, details=details, occurred_at=moment,
    )  # fmt: skip
    assert load(JobOffered, decode(encode(dump(sent)))) == sent


@given(st.binary(max_size=200))
def test_decoding_raises_nothing_but_invalid(body):
    with suppress(Invalid):
        decode(body)


@pytest.mark.parametrize("body", [b"", b"\xff", b"{", b"[" * 100_000, b'"' + b"x" * BODY_LIMIT + b'"', b"\x80\x04"])
def test_what_is_no_json_is_invalid(body):
    with pytest.raises(Invalid):
        decode(body)


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_no_database_can_hold_is_refused_wherever_it_stands(text):
    need = {"park": "p", "text": "t", "company": "c"}
    for wrong in ({"text": text}, {"details": {"a": [{"b": text}]}}, {"details": {text: 1}}):
        with pytest.raises(Invalid):
            load(SubmitNeed, {**need, **wrong})


def test_a_moment_without_a_zone_is_utc_and_nonsense_is_refused():
    assert load(JobOffered, {**_offer(), "occurred_at": "2026-11-24T00:00:00"}).occurred_at.utcoffset().seconds == 0
    with pytest.raises(Invalid):
        load(JobOffered, {**_offer(), "occurred_at": "yesterday"})


def _offer():
    names = ("park", "item_id", "job_id", "target", "category", "item", "number", "company", "text")
    return {**dict.fromkeys(names, "x"), "version": 1}
