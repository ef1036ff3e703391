"""Terms between an organization and a client: proposals, one after the other, until both agree. No bus, no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from enum import StrEnum
from typing import Any, Protocol

from shared import forms
from shared.access import Actor, Role
from shared.contracts.base import Details
from shared.contracts.dispatch import ProposalView
from shared.errors import IllegalMove, Invalid
from shared.forms import Form, day, number, paragraph, text

MOST_PROPOSALS = 30

TERMS: Form = {
    "project": text("做什么", en="Project"),
    "scope": paragraph("范围和交付什么", en="Scope and deliverables", hint="做到哪里，数量，交付什么"),
    "starts_on": day("开始日期", en="Starts on"),
    "due_on": day("最晚完成日期", en="Done by"),
    "price": number("费用", en="Price", least=0, most=100_000_000, unit="元", hint="不收费填 0"),
    "payment": text("怎么付", en="Payment", required=False, example="出报告后付给机构"),
    "place": text("在哪里做", en="Place", example="机构实验室，样品上门取"),
    "other": paragraph("其他约定", en="Anything else", required=False),
}


class Side(StrEnum):
    ORGANIZATION = "organization"
    CLIENT = "client"

    @property
    def other(self) -> "Side":
        return Side.CLIENT if self is Side.ORGANIZATION else Side.ORGANIZATION


@dataclass(kw_only=True)
class Proposal:
    """`number` counts the proposals of one job from 1. Whoever proposes agrees to it by that."""

    number: int
    side: Side
    terms: Details
    proposed_at: datetime
    proposed_by: str
    on_behalf: bool
    agreed_at: datetime | None = None
    agreed_by: str = ""
    agreed_on_behalf: bool = False

    def view(self) -> ProposalView:
        return ProposalView(**{**vars(self), "side": str(self.side)})


@dataclass(kw_only=True)
class Negotiation:
    """All that was proposed about one job."""

    job_id: str
    proposals: list[Proposal] = field(default_factory=list)

    @property
    def last(self) -> Proposal | None:
        return self.proposals[-1] if self.proposals else None

    @property
    def agreed(self) -> Proposal | None:
        return self.last if self.last and self.last.agreed_at else None

    @property
    def turn(self) -> Side | None:
        """Who is to propose or to answer; nobody once it is agreed."""
        if self.last is None:
            return Side.ORGANIZATION
        return None if self.last.agreed_at else self.last.side.other

    def propose(self, side: Side, terms: Mapping[str, Any], actor: Actor, now: datetime) -> Proposal:
        """Either side may, as long as nothing is agreed; a side may also better its own proposal."""
        self._check_open()
        if len(self.proposals) >= MOST_PROPOSALS:
            raise IllegalMove("来回改了太多次，请电话商量好再写")
        checked = check_terms(terms)
        if self.last and self.last.terms == checked and self.last.side is not side:
            raise IllegalMove("和对方提的一样，直接同意就行")
        proposal = Proposal(
            number=len(self.proposals) + 1, side=side, terms=checked, proposed_at=now,
            proposed_by=actor.name or actor.id, on_behalf=on_behalf(side, actor),
        )  # fmt: skip
        self.proposals.append(proposal)
        return proposal

    def agree(self, side: Side, number: int, actor: Actor, now: datetime) -> Proposal:
        """Only to the newest, and only the side that did not make it."""
        self._check_open()
        if self.last is None or number != self.last.number:
            raise IllegalMove("约定刚改过，请看了最新的再决定")
        if self.last.side is side:
            raise IllegalMove("这是自己提的约定，要等对方答复")
        self.last.agreed_at, self.last.agreed_by = now, actor.name or actor.id
        self.last.agreed_on_behalf = on_behalf(side, actor)
        return self.last

    def _check_open(self) -> None:
        if self.agreed:
            raise IllegalMove("约定已经达成，不能再改")


def on_behalf(side: Side, actor: Actor) -> bool:
    """Whether somebody else writes it down for that side."""
    return actor.role != (Role.ORGANIZATION if side is Side.ORGANIZATION else Role.CLIENT)


def side_of(actor: Actor, said: str) -> Side:
    """The side an actor acts for. Raises Invalid where staff do not say which, or others say the wrong one."""
    own = {Role.ORGANIZATION: Side.ORGANIZATION, Role.CLIENT: Side.CLIENT}.get(Role(actor.role))
    if said not in ("", *Side) or (own is None and not said) or (own and said and said != own):
        raise Invalid("请检查填写的内容", fields={"side": "请选是替机构还是替企业写下"})
    return own or Side(said)


def check_terms(terms: Mapping[str, Any]) -> Details:
    """Raises Invalid with a text for each field."""
    try:
        checked = forms.check(TERMS, terms)
    except Invalid as error:
        raise Invalid(error.text, fields={f"terms.{path}": said for path, said in error.fields.items()}) from error
    if checked["due_on"] < checked["starts_on"]:
        raise Invalid("请检查填写的内容", fields={"terms.due_on": "完成日期不能早于开始日期"})
    return checked


def starts_on(proposal: Proposal) -> date:
    return date.fromisoformat(proposal.terms["starts_on"])


def end_of(day: date, zone: tzinfo) -> datetime:
    """The last moment of a day, at the station."""
    return datetime.combine(day, time.max, zone)


def due_on(proposal: Proposal) -> date:
    return date.fromisoformat(proposal.terms["due_on"])


class Negotiations(Protocol):
    """What was proposed about every job."""

    def of(self, job_id: str) -> Negotiation:
        """Empty where nothing was proposed yet. Its item is to be locked first."""
        ...

    def put(self, negotiation: Negotiation) -> None: ...
