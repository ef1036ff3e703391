"""How alike two needs are, and why: whose they are, what they are about, how they are put."""

import re
from collections.abc import Callable, Sequence, Set
from typing import TYPE_CHECKING

from services.dispatch.domain.life import ENDED, Stage
from services.dispatch.domain.suggestion import folded, grams
from shared.contracts.dispatch import Alike

if TYPE_CHECKING:
    from services.dispatch.domain.items import Item

ALIKE = 0.5  # texts so alike may be the same need whatever they are about
ABOUT_THE_SAME = 0.12  # enough if both are about the same service item
DAYS = 30  # apart at the most
SHOWN = 3
PASSED_OVER = frozenset({Stage.MERGED, Stage.REFUSED, Stage.WITHDRAWN, Stage.REJOINED})
LEGAL_FORM = re.compile(r"(股份)?(有限)?(责任)?公司$|厂$|集团$|(co)?ltd$|limited$|inc$")


def likeness(one: str, other: str) -> float:
    """From 0, nothing in common, to 1: Dice's measure over pairs of characters and whole Latin words."""
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


def _pairs(text: str) -> set[str]:
    return {gram for gram in grams(text) if len(gram) == 2 or gram.isascii()}


def company_key(company: str) -> str:
    """The same for a company however its name is spaced and whether its legal form is written."""
    plain = re.sub(r"[\W_]+", "", folded(company))
    return LEGAL_FORM.sub("", plain) or plain


def alike(
    item: "Item", others: "Sequence[Item]", same_contact: Set[str], same_company: Set[str], about: Callable[[str], str]
) -> list[Alike]:
    """Which of the others, all of the same company or contact, may be the same need; the likeliest first.

    `about` names the likeliest service item of a text, for what is not assessed yet. Parts of one message are not the
    same need, nor is what somebody linked already.
    """
    linked = {one["item_id"] for one in item.linked}
    kind = _kind(item, about)
    found = []
    for other in others:
        if other.request_id == item.request_id or other.stage in PASSED_OVER or other.item_id in linked:
            continue
        near = likeness(item.text, other.text)
        same = kind != "" and kind == _kind(other, about)
        if near >= ALIKE or (same and near >= ABOUT_THE_SAME):
            reasons = {
                "company": other.request_id in same_company or company_key(other.company) == company_key(item.company),
                "contact": other.request_id in same_contact, "item": same, "text": near >= ALIKE / 2,
            }  # fmt: skip
            found.append(
                Alike(
                    item_id=other.item_id, number=other.name, company=other.company, text=other.text,
                    stage=str(other.stage), opened_at=other.opened_at, likeness=round(near * 100),
                    reasons=tuple(name for name, holds in reasons.items() if holds),
                    mergeable=other.stage not in ENDED,
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (-one.likeness, one.item_id))[:SHOWN]


def _kind(item: "Item", about: Callable[[str], str]) -> str:
    """The service item it was assessed as, else the likeliest."""
    return item.item if item.title else about(item.text)
