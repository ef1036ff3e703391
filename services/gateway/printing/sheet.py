"""What a printed dossier says: the parts of 7.2.3.1, the item's whole story, what was added, and how to prove it."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

import segno

from services.gateway.language import N_, ZH, Speech, speech
from services.gateway.pages import fields
from services.gateway.story import Story
from services.gateway.targets import Names
from services.gateway.visit import Visit
from services.gateway.when import Clock
from services.gateway.words import PARTS, SCORES
from shared.contracts.archive import DossierState, PartView
from shared.contracts.base import Details
from shared.errors import NotFound, Unavailable

_TERMS = {
    "project": N_("做什么"),
    "scope": N_("范围和交付什么"),
    "starts_on": N_("开始日期"),
    "due_on": N_("最晚完成日期"),
    "price": N_("费用（元）"),
    "payment": N_("怎么付"),
    "place": N_("在哪里做"),
    "other": N_("其他约定"),
}
_BASES = {
    "result": N_("按交付的结果"),
    "terms": N_("按双方的约定"),
    "nothing stated": N_("办理中没有登记收费，按不收费归档"),
}
_REASONS = {"expired": N_("到期没有回复"), "declined": N_("企业选择不评价"), "reopened": N_("重新办理，不再评价")}


class Sheet:
    """One dossier as rows of labels and texts, in the language of the record."""

    def __init__(self, zone: tzinfo, names: Names, forms: Mapping[str, Any], now: datetime) -> None:
        self._say: Speech = speech(ZH)
        self._clock, self._zone = Clock(self._say, zone, now), zone
        self._names, self._forms = names, forms

    def data(self, state: DossierState, station: str, address: str, watermark: str = "") -> Details:
        """`address` is where the QR code leads; `watermark` names who took this copy along, and when."""
        say, sealed = self._say, state.sealed
        assert sealed is not None
        shown = [part for part in state.parts if part.needed or part.there]
        application = next(part.content for part in state.parts if part.part == "application")
        story = Story(say, self._names, "-", self._clock, self._clock.iso)
        return {
            "title": say("服务事项档案"),
            "station": station,
            "company": application.get("company") or "",
            "file_number": sealed.file_number or sealed.number,
            "sealed_on": self._at(sealed.sealed_at),
            "made_at": int(sealed.sealed_at.timestamp()),
            "digest": sealed.digest,
            "qr": segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True).replace(
                "<svg", '<svg xmlns="http://www.w3.org/2000/svg"', 1
            ),
            "head": [
                [say("档号"), sealed.file_number],
                [say("受理编号"), sealed.number],
                [say("办理方式"), say("服务机构提供") if state.by_organization else say("服务站自主实施")],
                [say("归档时间"), self._at(sealed.sealed_at)],
            ],
            "parts": [self._part(part) for part in shown],
            "story": [
                {"at": self._at(told.at), "what": told.what, "more": told.more} for told in story.tell(state.entries)
            ],
            "amendments": [
                {
                    "rows": [
                        [self._at(one.at), one.text],
                        [say("为什么"), one.reason],
                        [say("谁补充的"), one.by_name],
                    ]
                }
                for one in state.amendments
            ],
            "watermark": watermark,
            "words": {
                "sealed": say("归档于"),
                "page": say("第 {n} 页，共 {of} 页", n="{n}", of="{of}"),
                "scan": say("扫码查进度"),
                "nothing": say("没有记录"),
                "story": say("办理经过"),
                "amendments": say("归档后的补充"),
                "proof": say("本件由归档的数据生成。封存摘要（SHA-256），和服务站的台账一致才是原件："),
            },
        }  # fmt: skip

    def _part(self, part: PartView) -> Details:
        rows, tables = getattr(self, f"_{part.part}")(part.content)
        if supplied := part.content.get("supplied"):
            who = {"name": supplied["by"], "at": self._at(datetime.fromisoformat(supplied["at"]))}
            rows = [*rows, [self._say("{name}补记", name=who["name"]), f"{supplied['text']}（{who['at']}）"]]
        return {
            "title": self._say(PARTS[part.part]),
            "rows": [[label, text] for label, text in rows if text],
            "tables": tables,
        }

    def _application(self, content: Details) -> tuple[list[list[str]], list[Details]]:
        say = self._say
        shown, tables = self._filled("form", content.get("item"), content.get("details"))
        rows = [
            [say("受理编号"), str(content.get("number") or "")],
            [say("企业"), str(content.get("company") or "")],
            [say("什么时候提的"), self._moment(content.get("at"))],
            [say("怎么提的"), self._names.channel(str(content.get("channel") or ""))],
            [say("企业原话"), str(content.get("part") or content.get("text") or "")],
            [say("接着办的档案"), str(content.get("takes_up") or "")],
        ]
        return rows + shown, tables

    def _agreement(self, content: Details) -> tuple[list[list[str]], list[Details]]:
        say = self._say
        if terms := content.get("terms"):
            rows = [[say(label), str(terms[name])] for name, label in _TERMS.items() if terms.get(name) is not None]
            return [[say("什么时候约定的"), self._moment(content.get("at"))], *rows], []
        title = self._names.item(str(content.get("item") or ""), str(content.get("title") or content.get("item") or ""))
        return [
            [say("受理的服务"), title],
            [say("什么时候受理的"), self._moment(content.get("at"))],
            [say("说明"), str(content.get("note") or "")],
        ], []

    def _result(self, content: Details) -> tuple[list[list[str]], list[Details]]:
        say = self._say
        shown, tables = self._filled("result", content.get("item"), content.get("result"))
        title = self._names.item(str(content.get("item") or ""), str(content.get("title") or ""))
        rows = [[say("服务"), title], [say("什么时候办完的"), self._moment(content.get("at"))]]
        return rows + shown, tables

    def _staff(self, content: Details) -> tuple[list[list[str]], list[Details]]:
        took_part = "、".join(one["name"] for one in content.get("took_part", ()) if one["name"])
        return [
            [self._say("谁办的"), str(content.get("served_by") or "")], [self._say("参与的人"), took_part]
        ], []  # fmt: skip

    def _fees(self, content: Details) -> tuple[list[list[str]], list[Details]]:
        charged = content.get("charged") or 0
        return [
            [self._say("收费"), self._say("{n} 元", n=charged) if charged else self._say("没有收费")],
            [self._say("依据"), self._say(_BASES.get(str(content.get("basis")), ""))],
        ], []

    def _evaluation(self, content: Details) -> tuple[list[list[str]], list[Details]]:
        say, score = self._say, content.get("score")
        told = say(SCORES[score]) if score in SCORES else say(_REASONS.get(str(content.get("reason")), ""))
        return [
            [say("评价"), told if score in SCORES else say("没有评价：{why}", why=told) if told else ""],
            [say("什么时候"), self._moment(content.get("at"))],
            [say("意见"), str(content.get("comment") or "")],
        ], []

    def _filled(self, form: str, item: Any, values: Any) -> tuple[list[list[str]], list[Details]]:
        """What a category's form holds, by the labels it announced."""
        if not isinstance(values, Mapping):
            return [], []
        description = self._forms.get(str(item or ""), {}).get(form, [])
        shown = fields.show(description, values, self._say, self._clock)
        tables = [
            {"label": one.label, "columns": list(one.columns), "rows": [list(map(str, row)) for row in one.rows]}
            for one in shown
            if one.rows
        ]
        return [[one.label, one.text] for one in shown if not one.rows], tables

    def _moment(self, text: Any) -> str:
        return self._at(datetime.fromisoformat(text)) if text else ""

    def _at(self, at: datetime) -> str:
        """In full, for it is read years later."""
        return f"{at.astimezone(self._zone):%Y-%m-%d %H:%M}"


async def forms_of(visit: Visit, items: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """What the categories announced of these items."""
    found = {}
    for code in dict.fromkeys(filter(None, items)):
        try:
            found[code] = (await visit.gateway.known.item(code))[1]
        except (NotFound, Unavailable):
            continue
    return found
