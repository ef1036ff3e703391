"""One-time notice: what is missing, asked for at once, and what of it has come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from shared import forms
from shared.contracts.base import Details
from shared.contracts.dispatch import Ask, OneTimeNotice
from shared.errors import IllegalMove, Invalid
from shared.forms import Description

MORE = "more"  # begins the names of what no form asks for: more1, more2 ...
MORE_AT_MOST = 10
TEXT_LIMIT = 200
ANSWER_LIMIT = 2000


@dataclass(kw_only=True)
class Notice:
    """Everything that one item lacks, asked for at once; `asks` are descriptions as a form's, each with its `why`."""

    notice_id: str
    item_id: str
    request_id: str
    park: str
    category: str
    item: str
    asks: list[Details]
    count: int
    reason: str
    issued_at: datetime
    issued_by: str
    answers: Details = field(default_factory=dict)
    given: dict[str, str] = field(default_factory=dict)  # name: when it came, ISO 8601
    answered_at: datetime | None = None

    def take(self, answers: Mapping[str, Any], now: datetime) -> list[str]:
        """Keep what is given and fits, whatever else is missing; returns the labels of what is new or other now."""
        self._check_open()
        if not answers:
            raise Invalid("请检查填写的内容", fields={"answers": "请至少填一项"})
        fits = _checked([plain(ask) for ask in self.asks], answers)
        before = dict(self.answers)
        self.answers |= fits
        changed = [ask for ask in self.asks if self.answers.get(ask["name"]) != before.get(ask["name"])]
        for ask in changed:
            self.given[ask["name"]] = now.isoformat()
        if not self.missing:
            self.answered_at = now
        return [str(ask["label"]) for ask in changed]

    def close(self, now: datetime) -> list[str]:
        """Wait no longer; returns the labels of what never came."""
        self._check_open()
        self.answered_at = now
        return [str(ask["label"]) for ask in self.missing]

    @property
    def missing(self) -> list[Details]:
        """What is needed before work can go on, and not there yet."""
        return [ask for ask in self.asks if ask["needed"] and ask["name"] not in self.given]

    @property
    def known(self) -> Details:
        """What belongs into the item's form."""
        asked = {ask["name"] for ask in self.asks if not ask.get("more")}
        return {name: value for name, value in self.answers.items() if name in asked}

    def view(self) -> OneTimeNotice:
        return OneTimeNotice(
            notice_id=self.notice_id, item_id=self.item_id, category=self.category, item=self.item,
            asks=tuple(
                Ask(
                    name=ask["name"], label=ask["label"], why=ask["why"], needed=ask["needed"], field=plain(ask),
                    given_at=datetime.fromisoformat(self.given[ask["name"]]) if ask["name"] in self.given else None,
                )
                for ask in self.asks
            ),
            answers=self.answers, count=self.count, issued_at=self.issued_at, issued_by=self.issued_by,
            reason=self.reason, answered_at=self.answered_at,
        )  # fmt: skip

    def _check_open(self) -> None:
        if self.answered_at is not None:
            raise IllegalMove("这次要补的已经不等了")


def compose(
    form: Description, details: Mapping[str, Any], also: Sequence[str], more: Sequence[tuple[str, str]]
) -> list[Details]:
    """All that the form requires and the details lack, the optional fields named, and what no form asks for."""
    known = {one["name"] for one in form}
    if unknown := [name for name in also if name not in known]:
        raise Invalid("请检查填写的内容", fields={"also": "这张表里没有这一项"}, name=unknown[0])
    asks = [
        {**one, "why": str(one.get("hint") or ""), "needed": bool(one["required"])}
        for one in form
        if not filled(details.get(one["name"])) and (one["required"] or one["name"] in also)
    ]
    if len(more) > MORE_AT_MOST:
        raise Invalid("请检查填写的内容", fields={"more": "最多另补 10 项"})
    for number, (what, why) in enumerate(more, 1):
        if not what.strip() or len(what) > TEXT_LIMIT or len(why) > TEXT_LIMIT:
            raise Invalid("请检查填写的内容", fields={f"more.{number - 1}": "请写明要补什么，最多 200 个字"})
        asks.append(
            {
                "name": f"{MORE}{number}", "kind": "paragraph", "label": what.strip(), "en": what.strip(),
                "required": True, "most": ANSWER_LIMIT, "why": why.strip(), "needed": True, "more": True,
            }
        )  # fmt: skip
    if not asks:
        raise Invalid("没有缺的，不用告知", fields={"also": "没有缺的，不用告知"})
    return asks


def filled(value: Any) -> bool:
    return value not in (None, "", [])


def plain(ask: Details) -> Details:
    """An ask as a form's description has it, and optional: it may come later."""
    return {name: value for name, value in ask.items() if name not in ("why", "needed", "more")} | {"required": False}


def checked(form: Description, details: Mapping[str, Any], prefix: str) -> Details:
    """What is known so far, each value as its field wants it, however much is missing."""
    try:
        given = {name: value for name, value in details.items() if filled(value)}
        found = forms.check([{**one, "required": False} for one in form], given)
    except Invalid as error:
        fields = {f"{prefix}.{path}".rstrip("."): text for path, text in error.fields.items()}
        raise Invalid(error.text, fields=fields) from error
    return {name: found[name] for name in given}


def _checked(form: Description, answers: Mapping[str, Any]) -> Details:
    return checked(form, answers, "answers")


class Notices(Protocol):
    def add(self, notice: Notice) -> None: ...

    def put(self, notice: Notice) -> None: ...

    def last_of(self, item_id: str) -> Notice | None:
        """The item's latest; locked with its item, which every change of it takes first."""
        ...

    def of_request(self, request_id: str) -> list[Notice]:
        """Oldest first."""
        ...
