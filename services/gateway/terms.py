"""Terms as both sides read them: what was proposed, and what each proposal changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.gateway.language import Speech
from services.gateway.pages import fields
from services.gateway.when import Clock
from shared.contracts.dispatch import ProposalView, TermsView

SAME, ADDED, GONE = "same", "ins", "del"
WORDS = ("text", "paragraph")  # kinds of which a part may change; a number or a day changes as a whole


@dataclass(frozen=True, kw_only=True)
class Line:
    """One point of the terms: as it is now, and what it was where that differs; `parts` mark what changed."""

    label: str
    text: str
    before: str
    changed: bool
    parts: Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One proposal beside the one before it."""

    proposal: ProposalView
    lines: Sequence[Line]
    changes: int


def versions(view: TermsView, say: Speech, clock: Clock) -> list[Version]:
    """The newest first."""
    found, before = [], None
    for proposal in view.proposals:
        lines = _lines(view, proposal, before, say, clock)
        changes = sum(line.changed for line in lines) if before else 0
        found.append(Version(proposal=proposal, lines=lines, changes=changes))
        before = proposal
    return found[::-1]


def _lines(
    view: TermsView, proposal: ProposalView, before: ProposalView | None, say: Speech, clock: Clock
) -> list[Line]:
    lines = []
    for one in view.form:
        text = _text(one, proposal, say, clock)
        was = _text(one, before, say, clock) if before else text
        if text or was:
            parts = [(SAME, text)]
            if was != text:
                parts = marked(was, text) if one["kind"] in WORDS else replaced(was, text)
            lines.append(
                Line(label=say.own(one, "label"), text=text, before=was, changed=was != text, parts=parts)
            )  # fmt: skip
    return lines


def _text(one: Mapping[str, object], proposal: ProposalView, say: Speech, clock: Clock) -> str:
    name = str(one["name"])
    shown = fields.show([dict(one)], {name: proposal.terms.get(name)}, say, clock)
    return shown[0].text if shown else ""


def replaced(before: str, after: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in ((GONE, before), (ADDED, after)) if text]


def marked(before: str, after: str) -> list[tuple[str, str]]:
    """What stayed, what went, what came; where little stayed, all of it went and came."""
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.5:
        return replaced(before, after)
    parts: list[tuple[str, str]] = []
    for kind, i, j, k, m in matcher.get_opcodes():
        if kind == "equal":
            parts.append((SAME, after[k:m]))
            continue
        if i < j:
            parts.append((GONE, before[i:j]))
        if k < m:
            parts.append((ADDED, after[k:m]))
    return parts
