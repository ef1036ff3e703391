"""The steps of a complaint on the workbench: what each does, what it asks for, when it is possible."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.gateway import complaining
from services.gateway.language import N_
from services.gateway.visit import Visit
from shared.contracts.base import Command
from shared.contracts.feedback import (
    AcceptDecision,
    AppealDecision,
    AssessComplaint,
    CarryOutDispute,
    CheckCorrection,
    ComplaintView,
    ConcludeDispute,
    DecideComplaint,
    ExtendComplaint,
    FinishCorrection,
    OrderCorrection,
    RecordFinding,
    SubmitDispute,
    TellDecision,
    WithdrawComplaint,
)
from shared.forms import Description, choice, day, describe, flag, integer, paragraph, text

PREFIX = "f"
NOBODY = "-"  # no member of staff: a choice must say something


@dataclass(frozen=True, kw_only=True)
class Step:
    """A step on a page of its own. `main` is the one filled button of the complaint's page; `people` asks for staff."""

    title: str
    effect: str
    verb: str
    form: Description
    command: Callable[[str, Mapping[str, Any]], Command]
    possible: Callable[[ComplaintView, bool], bool] = lambda one, mine: False
    main: bool = False
    people: tuple[str, str, str] = ("", "", "")  # the field's name, its label and its English
    renamed: Mapping[str, str] = field(default_factory=dict)  # the service's field: the form's


def _mine(trigger: str) -> Callable[[ComplaintView, bool], bool]:
    return lambda one, mine: mine and trigger in one.allowed


def _anybody(trigger: str) -> Callable[[ComplaintView, bool], bool]:
    return lambda one, mine: trigger in one.allowed and one.channel != "web"


def _dispute(trigger: str) -> Callable[[ComplaintView, bool], bool]:
    def possible(one: ComplaintView, mine: bool) -> bool:
        concluded = bool(one.dispute and one.dispute.outcome)
        return trigger in one.allowed and (trigger == "dispute" or concluded is (trigger == "carry_out"))

    return possible


def _with(kind: type[Any]) -> Callable[[str, Mapping[str, Any]], Command]:
    def make(complaint_id: str, values: Mapping[str, Any]) -> Command:
        given = {name: value for name, value in values.items() if value not in (None, "")}
        made: Command = kind(complaint_id=complaint_id, **given)
        return made

    return make


def _assess(complaint_id: str, values: Mapping[str, Any]) -> Command:
    given = {name: str(value or "") for name, value in values.items() if name not in ("against", "safety")}
    account, _, name = str(values.get("against") or NOBODY).partition(" ")
    if account != NOBODY:
        given |= {"against_id": account, "against_name": name}
    safety, at_once = bool(values.get("safety")), bool(given.get("action"))
    return AssessComplaint(complaint_id=complaint_id, safety=safety, at_once=at_once, **given)  # type: ignore[arg-type]


def _correct(complaint_id: str, values: Mapping[str, Any]) -> Command:
    account, _, name = str(values.get("owner") or "").partition(" ")
    return OrderCorrection(
        complaint_id=complaint_id, what=values["what"], due_on=values["due_on"], owner_id=account, owner_name=name
    )  # fmt: skip


def _checked(complaint_id: str, values: Mapping[str, Any]) -> Command:
    return CheckCorrection(
        complaint_id=complaint_id, correction_id=values["correction_id"], effective=values["effective"] == "yes",
        note=values["note"],
    )  # fmt: skip


STEPS: dict[str, Step] = {
    "assess": Step(
        title=N_("评估这件投诉"),
        effect=N_("评估决定先做什么。投诉的人如果就是您，请由别人接手。投诉人看不到评估。"),
        verb=N_("评估好了，开始调查"),
        form=describe(
            {
                "severity": choice("有多严重", complaining.SEVERITIES, en="How severe"),
                "complexity": choice("复杂程度", complaining.COMPLEXITIES, en="How complex"),
                "impact": choice("影响范围", complaining.IMPACTS, en="Whom it affects"),
                "safety": flag("涉及人身、设备或信息安全", en="Safety is touched"),
                "action": paragraph("要马上处置的，做了什么", required=False, most=2000, en="What was done at once"),
                "organization": text("办理的机构（代号）", required=False, most=60, en="The organization's code"),
            }
        ),
        command=_assess,
        possible=_mine("assess"),
        main=True,
        people=("against", "投诉的是谁", "Whom it is about"),
        renamed={"against_id": "against"},
    ),
    "decide": Step(
        title=N_("写处理决定"),
        effect=N_("网上投诉的，决定随即告诉投诉人；电话、窗口、信件来的，下一步由您告知。决定不能再改。"),
        verb=N_("作出处理决定"),
        form=describe(
            {
                "outcome": choice("查下来", complaining.OUTCOMES, en="What was found"),
                "response": choice("怎么处理", complaining.RESPONSES, en="What is done about it"),
                "text": paragraph("写给投诉人的话", most=2000, en="What the complainant reads"),
            }
        ),
        command=_with(DecideComplaint),
        possible=_mine("decide"),
        main=True,
    ),
    "tell": Step(
        title=N_("告知处理决定"),
        effect=N_("告知以后，投诉人可以在期限内申请复核。"),
        verb=N_("已经告知"),
        form=describe(
            {
                "how": choice("怎么告知的", complaining.CHANNELS, en="How"),
                "note": paragraph("投诉人怎么说", required=False, most=2000, en="What the complainant said"),
            }
        ),
        command=_with(TellDecision),
        possible=_mine("tell"),
        main=True,
    ),
    "find": Step(
        title=N_("记下查到的"),
        effect=N_("写给同事看，投诉人看不到。"),
        verb=N_("记下"),
        form=describe({"text": paragraph("查到了什么", most=2000, en="What was found")}),
        command=_with(RecordFinding),
        possible=_mine("find"),
    ),
    "extend": Step(
        title=N_("延长时限"),
        effect=N_("只能在时限之前延长。投诉人会看到延长多久和原因。"),
        verb=N_("延长并告知"),
        form=describe(
            {
                "days": integer("延长几个工作日", least=1, most=20, en="By how many working days"),
                "reason": paragraph("为什么要延长", most=2000, en="Why"),
            }
        ),
        command=_with(ExtendComplaint),
        possible=_mine("extend"),
    ),
    "conclude": Step(
        title=N_("记外部机构的结果"),
        effect=N_("投诉人会看到结果。"),
        verb=N_("记下结果"),
        form=describe(
            {
                "outcome": paragraph("结果", most=2000, en="The outcome"),
                "concluded_on": day("哪天有结果", en="On which day"),
            }
        ),
        command=_with(ConcludeDispute),
        possible=_dispute("conclude"),
        main=True,
    ),
    "carry_out": Step(
        title=N_("结果已经落实"),
        effect=N_("这件投诉随即结束。"),
        verb=N_("落实了，结束"),
        form=describe(
            {
                "carried_out_on": day("哪天落实的", en="On which day"),
                "note": paragraph("怎么落实的", required=False, most=2000, en="How"),
            }
        ),
        command=_with(CarryOutDispute),
        possible=_dispute("carry_out"),
        main=True,
    ),
    "dispute": Step(
        title=N_("提交外部机构解决"),
        effect=N_("复核以后投诉人还不满意，由外部机构按 GB/T 19013 解决。投诉人会看到请的是谁。"),
        verb=N_("记下已提交"),
        form=describe(
            {
                "provider": text("请的是哪个机构", en="Which provider"),
                "method": choice("用什么办法", complaining.METHODS, en="By which method"),
                "submitted_on": day("哪天提交的", en="On which day"),
            }
        ),
        command=_with(SubmitDispute),
        possible=_dispute("dispute"),
    ),
    "correct": Step(
        title=N_("定一项整改"),
        effect=N_("由负责的人做完，再由别人查有没有效果。投诉人看不到。"),
        verb=N_("定下整改"),
        form=describe(
            {
                "what": paragraph("要改什么", most=2000, en="What is to change"),
                "due_on": day("哪天前做完", en="By when"),
            }
        ),
        command=_correct,
        possible=lambda one, mine: (
            one.stage in ("investigating", "decided", "told", "disputed", "closed")
            and one.outcome != "unfounded"
            and not one.barred
        ),
        people=("owner", "由谁负责", "Who sees to it"),
        renamed={"owner_name": "owner"},
    ),
    "accept": Step(
        title=N_("投诉人同意处理决定"),
        effect=N_("替电话、窗口、信件投诉的人记下。这件投诉随即结束。"),
        verb=N_("记下，结束"),
        form=describe({}),
        command=_with(AcceptDecision),
        possible=_anybody("accept"),
    ),
    "appeal": Step(
        title=N_("投诉人申请复核"),
        effect=N_("替电话、窗口、信件投诉的人记下。由没有处理过的人复核，重新计时。"),
        verb=N_("记下复核申请"),
        form=describe({"text": paragraph("为什么不满意", most=2000, en="Why")}),
        command=_with(AppealDecision),
        possible=_anybody("appeal"),
    ),
    "withdraw": Step(
        title=N_("投诉人撤回"),
        effect=N_("这件投诉随即结束，不能恢复。"),
        verb=N_("记下撤回"),
        form=describe({"reason": paragraph("投诉人怎么说的", most=2000, en="What the complainant said")}),
        command=_with(WithdrawComplaint),
        possible=_anybody("withdraw"),
    ),
}

CORRECTION_STEPS: dict[str, Step] = {
    "finish": Step(
        title=N_("整改做完了"),
        effect=N_("接着由别人查有没有效果。"),
        verb=N_("做完了"),
        form=describe({"note": paragraph("做了什么", most=2000, en="What was done")}),
        command=_with(FinishCorrection),
    ),
    "check": Step(
        title=N_("查整改的效果"),
        effect=N_("没有效果的，由负责的人再做。负责的人不能查自己。"),
        verb=N_("记下"),
        form=describe(
            {
                "effective": choice(
                    "有没有效果", {"yes": ("有效果", "Yes"), "no": ("没有效果", "No")}, en="Did it work"
                ),
                "note": paragraph("怎么看出来的", most=2000, en="How that shows"),
            }
        ),
        command=_checked,
    ),
}


async def drawn_for(visit: Visit, step: Step, park: str) -> Description:
    """The step's form; where it asks for somebody of the station, with those who are there."""
    name, label, english = step.people
    if not name:
        return step.form
    people = await visit.gateway.people.colleagues([park])
    options = {f"{one.id} {one.display_name}": (one.display_name, one.display_name) for one in people}
    if name == "against":
        options = {NOBODY: ("没有说是谁", "Nobody in particular"), **options}
    return [*step.form, *describe({name: choice(label, options, en=english, required=name != "owner")})]
