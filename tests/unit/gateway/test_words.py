"""The one table of state words, and the ledger told in words."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from services.dispatch.domain.life import ENDED, Stage
from services.gateway import words
from services.gateway.language import EN, ZH, speech
from services.gateway.story import _TELLINGS, Story
from services.gateway.targets import Names
from shared.contracts import archive, dispatch, feedback, intake, providers
from shared.contracts.archive import Entry
from shared.contracts.base import Event
from shared.contracts.dispatch import ItemView, TargetView
from shared.contracts.intake import ChannelView

NOW = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
SILENT = {
    "feedback.revisit_plan_set", "feedback.survey_plan_set", "feedback.complaint_assessed", "feedback.finding_recorded",
    "feedback.complaint_decided", "feedback.dispute_noted", "feedback.complaint_confirmed",
    "feedback.correction_ordered", "feedback.correction_done", "feedback.correction_checked",
    "feedback.complaint_warned",  # on the complaint's own page, for those it is for

    # said again by dispatch, in the item's own order
    "providers.job_accepted", "providers.job_declined", "providers.job_progressed", "providers.job_finished",
    # a heartbeat, which the ledger does not keep
    "providers.targets_announced",
    # about no request
    "providers.organization_registered", "dispatch.weights_set",
    # the same moment as the request's own event
    "dispatch.item_opened",
    # of a station, not of a request
    "dispatch.follow_plan_set", "dispatch.resource_changed",
}  # fmt: skip


def item(stage: str, **more: object) -> ItemView:
    return ItemView(
        item_id="i", request_id="r", park="tianan", number="天安2026-0001", company="c", text="t", channel="web",
        stage=stage, version=1, opened_at=NOW, changed_at=NOW, **more,
    )  # fmt: skip


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_words_a_shape_and_a_turn(stage):
    found = words.stage_of(item(str(stage)))
    assert found.client
    assert found.staff
    assert found.shape in ("wait", "act", "done", "hold", "end")
    assert (found.turn == words.NOBODY) == (stage in ENDED)


@pytest.mark.parametrize("stage", list(Stage))
def test_there_is_a_next_step_exactly_until_the_item_has_ended(stage):
    over = stage in ENDED
    assert (words.next_of(item(str(stage))) is None) == over
    assert (words.ahead_of(str(stage)) == ()) == over


def test_an_item_without_a_target_says_that_it_waits():
    waiting = item("assessed", waiting_since=NOW)
    assert words.stage_of(waiting) is words.WAITING
    assert "{since}" in words.next_of(waiting).what


def test_an_item_assessed_by_appointment_asks_the_client_for_a_time():
    choosing = item("assessed", way="appointment")
    assert words.stage_of(choosing) is words.CHOOSING
    assert words.next_of(choosing) is words.NEXT["choosing"]
    begun = item("assessed", way="appointment", waiting_since=NOW)  # the client came, and no target is live
    assert words.stage_of(begun) is words.WAITING


BASES = (
    "archive.dossier_event",
    "dispatch.item_event",
    "dispatch.appointment_event",
    "providers.job_event",
    "feedback.complaint_event",
)


def kinds(*modules: object) -> list[str]:
    return [
        cls.key()
        for module in modules
        for cls in vars(module).values()
        if isinstance(cls, type) and issubclass(cls, Event) and f"{cls.__module__}.".startswith(f"{module.__name__}.")
    ]


@pytest.mark.parametrize(
    "key",
    [key for key in kinds(archive, dispatch, feedback, intake, providers) if key not in BASES],
)
def test_every_event_of_a_request_is_told_or_left_out_on_purpose(key):
    assert (key in _TELLINGS) != (key in SILENT)


def entry(source: str, kind: str, role: str = "staff", name: str = "陈专员", **data: object) -> Entry:
    return Entry(
        sequence=1, event_id="e", type=kind, source=source, occurred_at=NOW, actor_id="chen", actor_role=role,
        actor_name=name, item_id="i", data=data,
    )  # fmt: skip


MANIFEST = {"title": "计量", "title_en": "Metrology", "items": {"5.3.b": {"title": "检定", "title_en": "Verification"}}}
TARGET = TargetView(
    target="metrology", kind="category", title="计量", clause="5.3", live=True, seen_at=NOW, manifest=MANIFEST
)
WEB = ChannelView(name="web", title="网页", title_en="Web", hands=("client",))
NAMES = Names([TARGET], speech(ZH), [WEB])
CLIENT = Story(speech(ZH), NAMES)
STAFF = Story(speech(ZH), NAMES, "chen")


@pytest.mark.parametrize(
    ("happened", "client", "staff"),
    [
        (entry("intake", "request_received", "public", "", channel="web"), "您提交了需求", "网页提交"),
        (entry("dispatch", "item_accepted"), "陈专员受理", "陈专员受理"),
        (entry("dispatch", "job_offered", target="metrology"), None, "交给“计量”"),
        (entry("feedback", "survey_answered", "public", "", score=5), "您的评价：很满意", "企业评价：很满意"),
        (entry("dispatch", "item_withdrawn", "client", ""), "您撤回", "企业撤回"),
        (entry("dispatch", "item_withdrawn", "system", ""), "系统撤回", "系统撤回"),
        (
            entry("dispatch", "appointment_booked", "client", "", starts_at=NOW.isoformat()),
            f"约好 {NOW}",
            f"企业约了 {NOW}",
        ),
        (
            entry("dispatch", "appointment_moved", starts_at=NOW.isoformat(), started_at=""),
            f"改到 {NOW}，原来是 ",
            f"陈专员改到 {NOW}，原来是 ",
        ),
        (entry("dispatch", "item_opened"), None, None),
        (entry("elsewhere", "unheard_of"), None, None),
    ],
)
def test_tells_each_reader_what_concerns_them(happened, client, staff):
    for story, said in ((CLIENT, client), (STAFF, staff)):
        told = story.tell([happened])
        assert [one.what for one in told] == ([said] if said else [])


@pytest.mark.parametrize("key", [key for key in _TELLINGS if " " not in key])
def test_every_sample_is_told_in_every_wording(key):
    data = json.loads(Path(f"tests/contract/samples/{key}.json").read_text())
    variants = [name.split(" ")[1] for name in _TELLINGS if name.startswith(f"{key} ")]
    for given in ({**data, **dict.fromkeys(variants, False)}, *({**data, name: True} for name in variants)):
        for story in (CLIENT, STAFF):
            for told in story.tell([replace(entry(*key.split(".")), data=given)]):
                assert told.what


def test_a_task_that_was_left_out_is_told_with_its_reason():
    (told,) = STAFF.tell([entry("dispatch", "follow_up_done", task="", skipped=True, reason="刚刚见过")])
    assert "不用跟进" in told.what
    assert told.more == "刚刚见过"


def test_says_that_an_assessed_item_waits_for_a_provider():
    (told,) = CLIENT.tell([entry("dispatch", "item_assessed", title="检定", note="说明", waiting=True)])
    assert told.more == "说明\n还没有承办方能办这一项，先等着。"


def test_says_that_an_item_is_served_by_appointment_and_what_is_held():
    (told,) = CLIENT.tell([entry("dispatch", "item_assessed", title="检定", way="appointment")])
    assert told.more == "约时间办"
    (told,) = STAFF.tell([entry("dispatch", "appointment_booked", starts_at="", places=["计量岗", "洽谈室"])])
    assert told.more == "计量岗、洽谈室"


def test_names_targets_and_items_in_the_readers_language():
    english = Names([TARGET], speech(EN))
    assert (english.target("metrology"), english.target("unheard")) == ("Metrology", "unheard")
    assert english.item("5.3.b", "检定") == "Verification"
    assert english.item("9.9.z", "另一项") == "另一项"
    assert Names([], speech(EN), [WEB]).channel("web") == "Web"
    assert english.item("5.3.b", "") == ""  # suggested by the client, not assessed yet


def test_knows_what_the_reader_did():
    assert CLIENT.tell([entry("intake", "request_received", "public", channel="web")])[0].own
    assert not CLIENT.tell([entry("dispatch", "item_accepted")])[0].own
    assert STAFF.tell([entry("dispatch", "item_accepted")])[0].own
