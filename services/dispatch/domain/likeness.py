"""How alike two needs are: shared pairs of characters, and a company's name without what does not tell it apart."""

import re

from services.dispatch.domain.suggestion import folded, grams

ALIKE = 0.5  # texts so alike may be the same need whatever they are about
ABOUT_THE_SAME = 0.12  # enough if both are about the same service item
DAYS = 30  # apart at the most
LEGAL_FORM = re.compile(r"(股份)?有限(责任)?公司$|公司$|厂$|集团$|[\W_]+|co\.?,? ?ltd\.?$")


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
