"""The ledger in words: what happened to a request, told to its client or to staff."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from services.gateway.contacting import HOWS, OUTCOMES, PARTIES, TASKS, named
from services.gateway.language import N_, Speech
from services.gateway.targets import Names
from services.gateway.words import CLIENT_SIDE, CLOCKS, PARTS, SCORES, SIDES, recipients
from shared.access import Role
from shared.contracts.archive import Entry
from shared.contracts.intake import FOLLOW_UP


class Telling(NamedTuple):
    """A text for the client and one for staff, None if it does not concern them; `more` names the data told below."""

    client: str | None
    staff: str | None
    more: str = ""
    side: bool = False  # an aside: a small dot on the line


_TELLINGS: dict[str, Telling] = {
    "intake.request_received": Telling(N_("您提交了需求"), N_("{channel}提交")),
    "intake.client_identified": Telling(None, N_("{who}认定企业：{name}"), side=True),
    "intake.consent_recorded": Telling(N_("{who}同意{consent}"), N_("{who}记下：同意{consent}"), side=True),
    "intake.consent_withdrawn": Telling(N_("{who}撤回了同意"), N_("{who}撤回了同意"), side=True),
    "intake.message_added": Telling(N_("您又来信补充"), N_("企业又来信补充")),
    "intake.client_written": Telling(N_("{who}给您写了信"), N_("{who}给企业写了信")),
    "intake.letter_returned": Telling(None, N_("写给企业的没有送到，请换一种方式联系"), "trouble", side=True),
    "intake.attachment_added": Telling(N_("交了文件：{name}"), N_("有了文件：{name}"), side=True),
    "dispatch.item_accepted": Telling(N_("{who}受理"), N_("{who}受理")),
    "dispatch.item_assessed": Telling(N_("评估：{title}"), N_("评估：{title}"), "note"),
    "dispatch.job_offered": Telling(None, N_("交给“{target}”")),
    "dispatch.job_offered answer_by": Telling(None, N_("邀请“{target}”"), "reason"),
    "dispatch.job_withdrawn": Telling(None, N_("收回交办：{reason}"), side=True),
    "dispatch.offer_declined": Telling(
        N_("“{target}”不能接手：{reason}"), N_("“{target}”不能接手：{reason}{behalf}"), side=True
    ),
    "dispatch.appointment_booked": Telling(N_("约好 {starts_at}"), N_("{who}约了 {starts_at}"), "places"),
    "dispatch.appointment_moved": Telling(
        N_("改到 {starts_at}，原来是 {started_at}"), N_("{who}改到 {starts_at}，原来是 {started_at}"), "reason"
    ),
    "dispatch.appointment_cancelled": Telling(
        N_("{who}取消了 {starts_at} 的预约"), N_("{who}取消了 {starts_at} 的预约"), "reason"
    ),
    "dispatch.appointment_due": Telling(
        N_("提醒您：约的是 {starts_at}"), N_("已提醒企业：约的是 {starts_at}"), side=True
    ),
    "dispatch.appointment_missed": Telling(
        N_("{starts_at} 约好了没有来，可以另选时间"), N_("企业没有来，约的是 {starts_at}"), "note"
    ),
    "dispatch.appointment_kept": Telling(N_("您按约来了"), N_("企业按约来了")),
    "dispatch.candidates_ranked": Telling(None, N_("排出 {count} 家合适的机构"), side=True),
    "dispatch.candidates_exhausted": Telling(N_("还没有机构能办，我们在想办法"), N_("没有机构能接了，请您处理")),
    "dispatch.offer_accepted": Telling(N_("“{target}”接手"), N_("“{target}”接手{behalf}"), "note"),
    "dispatch.terms_proposed": Telling(
        N_("{side}提出约定（第 {number} 次）"), N_("{side}提出约定（第 {number} 次）{behalf}")
    ),
    "dispatch.terms_agreed": Telling(N_("约定达成"), N_("约定达成{behalf}")),
    "dispatch.job_released": Telling(
        N_("和“{target}”没有谈成"), N_("和“{target}”没有谈成，{side}说：{reason}"), side=True
    ),
    "dispatch.service_started": Telling(N_("开始办理"), N_("“{target}”接手，开始办理"), "note"),
    "dispatch.progress_reported": Telling(
        N_("{by}报进展{share}"), N_("{by}报进展{share}"), "text next_step expected_on"
    ),
    "dispatch.progress_reported late": Telling(
        None, N_("{by}报进展{share}，来得晚了，只作备注"), "text next_step", side=True
    ),
    "dispatch.contact_logged": Telling(None, N_("{who}联系{party}（{how}）"), "about next_step next_on"),
    "dispatch.follow_up_due": Telling(None, N_("该跟进了：{task}"), side=True),
    "dispatch.follow_up_done": Telling(None, N_("跟进过了：{task}"), side=True),
    "dispatch.follow_up_done skipped": Telling(None, N_("{who}说不用跟进：{task}"), "reason", side=True),
    "dispatch.check_ordered": Telling(None, N_("要查一次办得怎么样"), "reason", side=True),
    "dispatch.check_ordered sampled": Telling(None, N_("抽到要查一次办得怎么样"), side=True),
    "dispatch.quality_checked": Telling(None, N_("{who}查过：{outcome}"), "note", side=True),
    "dispatch.delay_announced": Telling(
        N_("预计要到 {expected_on} 才办完：{reason}"), N_("{who}告知延期，到 {expected_on}：{reason}")
    ),
    "dispatch.item_reassigned": Telling(N_("换人办：{reason}"), N_("{who}收回，换人办：{reason}")),
    "dispatch.service_failed": Telling(N_("没有办成，正在重新安排：{reason}"), N_("“{target}”没有办成：{reason}")),
    "dispatch.part_delivered": Telling(N_("办成一部分"), N_("{served_by}交付一部分"), "done missing next_step"),
    "dispatch.service_finished": Telling(N_("办完了"), N_("办完，由{served_by}交付")),
    "feedback.result_told": Telling(N_("结果告诉了您"), N_("结果告诉了企业")),
    "feedback.survey_answered": Telling(N_("您的评价：{score}"), N_("企业评价：{score}"), "comment"),
    "feedback.survey_lapsed": Telling(N_("没有评价"), N_("没有评价")),
    "dispatch.item_paused": Telling(N_("时限暂停：{reason}"), N_("{who}暂停时限：{reason}"), side=True),
    "dispatch.item_resumed": Telling(N_("时限继续算"), N_("{who}让时限继续"), "reason", side=True),
    "dispatch.clock_warned": Telling(None, N_("“{clock}”快到时间，提醒{to}"), side=True),
    "dispatch.clock_overdue": Telling(None, N_("“{clock}”超时，提醒{to}"), side=True),
    "feedback.survey_lapsed reopened": Telling(
        N_("重新办理，先前的评价不用答了"), N_("重新办理，先前的评价作废"), side=True
    ),
    "dispatch.item_answered": Telling(N_("{who}答复了您"), N_("{who}答复"), "answer"),
    "dispatch.item_merged": Telling(N_("和 {into} 合并办理"), N_("合并到 {into}")),
    "dispatch.item_refused": Telling(N_("服务站不能办理"), N_("{who}退回"), "reason"),
    "dispatch.item_withdrawn": Telling(N_("{who}撤回"), N_("{who}撤回"), "reason"),
    "dispatch.item_split": Telling(N_("分成 {parts} 件办，这是 {part}"), N_("分成 {parts} 件办，这是 {part}"), "text"),
    "dispatch.split_undone": Telling(N_("不分开办了"), N_("撤销分开"), side=True),
    "dispatch.item_linked": Telling(None, N_("和 {other} 关联"), side=True),
    "dispatch.item_unlinked": Telling(None, N_("撤销和 {other} 的关联"), side=True),
    "dispatch.item_unmerged": Telling(N_("不和 {into} 合并，单独办理"), N_("撤销合并到 {into}")),
    "dispatch.item_reopened": Telling(N_("{who}要求重新办理"), N_("{who}重新打开"), "reason"),
    "dispatch.hand_over_offered": Telling(None, N_("{who}想转交给{to_name}"), "reason", side=True),
    "dispatch.hand_over_accepted": Telling(N_("改由{owner_name}负责到底"), N_("{owner_name}从{before}接手，负责到底")),
    "dispatch.hand_over_declined": Telling(None, N_("没有转交给{to_name}，仍由{owner_name}负责"), "reason", side=True),
    "dispatch.notice_issued": Telling(N_("一次性告知：要补 {n} 项"), N_("{who}一次性告知：要补 {n} 项"), "asks reason"),
    "dispatch.notice_issued again": Telling(
        N_("再次告知：要补 {n} 项"), N_("{who}再次告知：要补 {n} 项"), "reason asks"
    ),
    "dispatch.notice_answered": Telling(
        N_("{who}补了材料，{of} 项齐了 {given} 项"), N_("{who}补了材料，{of} 项齐了 {given} 项"), "now", side=True
    ),
    "dispatch.notice_answered complete": Telling(N_("材料齐了，接着办"), N_("材料齐了，接着办"), "now"),
    "dispatch.notice_answered waived": Telling(
        N_("不再等材料，接着办"), N_("{who}不再等材料，接着办"), "waived reason"
    ),
    "dispatch.item_closed": Telling(N_("办结"), N_("办结")),
    "feedback.survey_lapsed not_asked": Telling(None, N_("这件没有抽到评价"), side=True),
    "feedback.survey_reminded": Telling(N_("提醒您评价"), N_("提醒企业评价"), side=True),
    "feedback.revisit_planned": Telling(None, N_("列入回访"), side=True),
    "feedback.revisit_done": Telling(None, N_("{who}回访"), "text", side=True),
    "feedback.complaint_received": Telling(N_("您投诉了：{number}"), N_("收到投诉 {number}"), side=True),
    "feedback.complaint_acknowledged": Telling(
        N_("{handler_name}接手投诉 {number}"), N_("{handler_name}接手投诉 {number}"), side=True
    ),
    "feedback.complaint_extended": Telling(
        N_("投诉 {number} 延长 {days} 个工作日"), N_("投诉 {number} 延长 {days} 个工作日"), "reason", side=True
    ),
    "feedback.decision_told": Telling(
        N_("投诉 {number} 有处理决定了"), N_("投诉 {number} 的处理决定已告知"), side=True
    ),
    "feedback.decision_appealed": Telling(N_("您申请复核投诉 {number}"), N_("投诉 {number} 申请复核"), side=True),
    "feedback.complaint_closed": Telling(N_("投诉 {number} 结束"), N_("投诉 {number} 结束"), side=True),
    "feedback.complaint_overdue": Telling(None, N_("投诉 {number} 超时，提醒{to}"), side=True),
    "archive.dossier_sealed": Telling(N_("归档"), N_("归档，第 {sequence} 份"), "digest"),
    "archive.dossier_parts_asked": Telling(None, N_("归档还缺，请补记：{missing_parts}"), side=True),
    "archive.dossier_part_supplied": Telling(None, N_("{who}补记{part_name}"), "text", side=True),
    "archive.dossier_amended": Telling(N_("档案补充了一条"), N_("{who}补充档案"), "text reason"),
    "archive.dossier_printed": Telling(None, N_("档案做成了 PDF"), side=True),
    "archive.dossier_access_asked": Telling(None, N_("{who}申请查阅档案"), "why", side=True),
    "archive.dossier_access_decided": Telling(None, N_("{who}处理了{asked_by}的查阅申请"), "reason", side=True),
    "archive.dossier_opened": Telling(None, N_("{who}查阅了档案"), side=True),
    "archive.dossier_flawed": Telling(None, N_("检查发现档案和归档时不一样"), "flaws", side=True),
}
# What a client is told of, whatever the variant.
TOLD_TO_CLIENTS = frozenset(kind.partition(" ")[0] for kind, telling in _TELLINGS.items() if telling.client)
_NAMED = {  # what else is told of an event, with what it is called
    "next_step": N_("接下来：{text}"),
    "missing": N_("还缺：{text}"),
    "expected_on": N_("预计 {text} 办完"),
    "next_on": N_("{text} 前"),
}
# What an event says of itself that is told in other words.
_VARIANTS = ("late", "skipped", "sampled", "again", "waived", "complete", "answer_by")
_TEXTS = (
    "number", "handler_name", "days",
    "reason", "into", "sequence", "served_by", "part", "parts", "other", "to_name", "owner_name", "before", "by", "of",
    "given", "name", "number", "asked_by",
)  # fmt: skip
_WAYS = {"appointment": N_("约时间办"), "match": N_("请机构办")}
_NO_TARGET = N_("还没有承办方能办这一项，先等着。")


@dataclass(frozen=True)
class Told:
    """One step of the timeline, ready to show."""

    what: str
    at: datetime
    more: str
    side: bool
    own: bool  # the reader did it


class Story:
    """Tells ledger entries to one kind of reader."""

    def __init__(
        self,
        say: Speech,
        names: Names,
        staff_id: str = "",
        when: Callable[[datetime], str] = str,
        day: Callable[[str], str] = str,
    ) -> None:
        """For a member of staff, or, without `staff_id`, for the client; `when` tells moments, `day` days."""
        self._say, self._names, self._when, self._day = say, names, when, day
        self._staff_id, self._to_client = staff_id, not staff_id

    def tell(self, entries: Iterable[Entry]) -> list[Told]:
        """Oldest first; what does not concern the reader is left out."""
        return [told for entry in entries if (told := self._one(entry))]

    def _one(self, entry: Entry) -> Told | None:
        kind = f"{entry.source}.{entry.type}"
        variant = next((name for name in _VARIANTS if entry.data.get(name)), "")
        variant = variant or str(entry.data.get("reason"))
        telling = _TELLINGS.get(f"{kind} {variant}") or _TELLINGS.get(kind)
        text = telling and (telling.client if self._to_client else telling.staff)
        if not telling or not text:
            return None
        data = entry.data
        more = "\n".join(filter(None, (self._more(name, data) for name in telling.more.split())))
        if entry.type == "item_assessed":
            asides = [_WAYS.get(str(data.get("way")), ""), _NO_TARGET if data.get("waiting") else ""]
            more = "\n".join(filter(None, (more, *map(self._say, asides))))
        if isinstance(data.get("skipped"), list):  # who of the chain was away
            more = self._say("{names}不在岗，跳过。", names=recipients(data["skipped"], self._say))
        what = self._say(text, **self._words(entry, data))
        return Told(what, entry.occurred_at, more, telling.side, self._own(entry))

    def _more(self, name: str, data: Mapping[str, Any]) -> str:
        text = _text(data.get(name))
        if text and name.endswith("_on"):
            text = self._day(text)
        return self._say(_NAMED[name], text=text) if text and name in _NAMED else text

    def _own(self, entry: Entry) -> bool:
        if self._to_client:
            return entry.actor_role in (Role.CLIENT, Role.PUBLIC)
        return entry.actor_id == self._staff_id

    def _words(self, entry: Entry, data: Mapping[str, Any]) -> dict[str, str]:
        score = SCORES.get(data.get("score", 0), "")
        words = {name: _text(data.get(name)) for name in _TEXTS}
        moments = {name: self._moment(data.get(name)) for name in ("starts_at", "started_at")}
        return (
            words
            | moments
            | {
                "who": self._who(entry),
                "n": str(len(data.get("asks") or ())),
                "part_name": self._say(PARTS.get(str(data.get("part")), "")),
                "missing_parts": self._parts(data.get("missing")),
                "title": self._names.item(str(data.get("item") or ""), str(data.get("title") or "")),
                "score": self._say(score),
                "organization": str(data.get("organization_name") or "") or self._say("来办理的机构"),
                "task": self._say(TASKS.get(str(data.get("kind")), "")),
                "expected_on": self._day(str(data["expected_on"])) if data.get("expected_on") else "",
                "outcome": named(OUTCOMES, data.get("outcome"), self._say),
                "consent": self._consent(data),
                "share": self._share(data.get("share")),
                "party": named(PARTIES, data.get("party"), self._say),
                "how": named(HOWS, data.get("how"), self._say),
                "target": self._names.target(str(data.get("target") or "")),
                "channel": self._names.channel(str(data.get("channel") or "")),
                "clock": self._say(CLOCKS.get(str(data.get("clock")), "")),
                "to": recipients(data.get("to") or (), self._say),
                "side": self._side(str(data.get("side") or "")),
                "behalf": self._say("（{who}代记）", who=self._who(entry)) if data.get("on_behalf") else "",
                "count": str(len(data.get("candidates") or ())),
            }
        )

    def _side(self, side: str) -> str:
        """Who of the two that agree on terms."""
        if side == CLIENT_SIDE and self._to_client:
            return self._say("您")
        return self._say(SIDES.get(side, ""))

    def _consent(self, data: Mapping[str, Any]) -> str:
        if data.get("purpose") == FOLLOW_UP:
            return self._say("办完后回访")
        organization = str(data.get("organization_name") or "") or self._say("来办理的机构")
        return self._say("把联系方式告诉{organization}", organization=organization)

    def _parts(self, names: Any) -> str:
        return "、".join(self._say(PARTS.get(str(one), "")) for one in names) if isinstance(names, list) else ""

    def _moment(self, value: Any) -> str:
        try:
            return self._when(datetime.fromisoformat(value))
        except (TypeError, ValueError):
            return ""

    def _share(self, share: Any) -> str:
        return "" if share is None else self._say("，完成 {n}%", n=share)

    def _who(self, entry: Entry) -> str:
        if entry.actor_role in (Role.CLIENT, Role.PUBLIC):
            return self._say("您" if self._to_client else "企业")
        return entry.actor_name or self._say("系统")


def _text(value: Any) -> str:
    """A text, or several as one."""
    return "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def this_round(entries: Iterable[Entry]) -> list[Entry]:
    """What happened since the item was last reopened, or from its beginning."""
    found: list[Entry] = []
    for entry in entries:
        found = [] if entry.type == "item_reopened" else [*found, entry]
    return found
