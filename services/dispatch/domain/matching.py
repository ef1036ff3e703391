"""Which organizations fit a need: hard conditions first, then a score whose every point is explained (6.3 b, 4.1.2).

No bus, no database, no clock: the same need, register, records and weights always give the same ranking.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from services.dispatch.domain.consents import Allowed
from services.dispatch.domain.criteria import FACTS, WORTH, Seen
from services.dispatch.domain.organizations import NOTHING, Organization, Record
from shared.contracts.dispatch import Candidate, LeftOut, Part, Phrase
from shared.errors import Invalid

TOTAL = 100
DEFAULTS: dict[str, int] = {
    "capability": 25, "industry": 15, "timeliness": 15, "completion": 10, "satisfaction": 10, "distance": 8,
    "load": 7, "price": 5, "newcomer": 5,
}  # fmt: skip

NOT_ITS_ITEM = "不做这一项服务"
SUSPENDED = "暂停接件"
COMPLAINT = "因投诉暂不推荐：{reason}"
NO_QUALIFICATION = "没有这一项的资质"
EXPIRED = "资质 {day} 已到期"
NOT_ITS_PARK = "不服务这个园区"
FULL = "手上 {n} 件，已到上限"
ASKED = "这一次已经请过：{answer}"
NO_CONSENT = "企业还没有同意把联系方式给机构"


@dataclass(frozen=True, kw_only=True)
class Need:
    """What is to be served, where, and what stands for or against anybody. `asked` is what those already said."""

    item: str
    park: str
    industries: tuple[str, ...]
    text: str
    today: date
    allowed: Allowed
    asked: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A hard condition: says why it keeps an organization out, or None. What is not `firm` a person may overrule."""

    name: str
    firm: bool
    broken: Callable[[Need, Organization, Record], Phrase | None]


def _says(text: str, holds: Callable[[Need, Organization, Record], bool]) -> Callable[..., Phrase | None]:
    return lambda need, one, record: None if holds(need, one, record) else Phrase(text=text)


def _complaint(need: Need, one: Organization, record: Record) -> Phrase | None:
    return Phrase(text=COMPLAINT, params={"reason": one.excluded}) if one.excluded else None


def _qualification(need: Need, one: Organization, record: Record) -> Phrase | None:
    found = one.qualified(need.item)
    if not found:
        return Phrase(text=NO_QUALIFICATION)
    last = max(qualification.expires_on for qualification in found)
    return Phrase(text=EXPIRED, params={"day": last}) if last < need.today.isoformat() else None


def _capacity(need: Need, one: Organization, record: Record) -> Phrase | None:
    return Phrase(text=FULL, params={"n": record.in_hand}) if record.in_hand >= one.capacity else None


def _asked(need: Need, one: Organization, record: Record) -> Phrase | None:
    answer = need.asked.get(one.code)
    return None if answer is None else Phrase(text=ASKED, params={"answer": answer})


# In this order: the first that is broken is the one that is told.
RULES = (
    Rule("item", True, _says(NOT_ITS_ITEM, lambda need, one, _: need.item in one.items)),
    Rule("suspended", True, _says(SUSPENDED, lambda _, one, __: one.active)),
    Rule("complaint", True, _complaint),
    Rule("qualification", True, _qualification),
    Rule("park", False, _says(NOT_ITS_PARK, lambda need, one, _: one.serves(need.park))),
    Rule("asked", False, _asked),
    Rule("capacity", False, _capacity),
    Rule("consent", True, _says(NO_CONSENT, lambda need, one, _: need.allowed.to(one.code))),
)
STANDING = ("suspended", "complaint", "qualification", "capacity", "consent")  # must hold when it accepts, too


@dataclass(frozen=True, kw_only=True)
class Ranking:
    """The best first; among equals, whoever has least in hand."""

    candidates: tuple[Candidate, ...]
    left_out: tuple[LeftOut, ...]

    def overrules(self, codes: Iterable[str]) -> bool:
        """Whether to invite these is to pass over a better one, or to overrule a rule."""
        wanted = set(codes)
        return wanted != {one.organization for one in self.candidates[: len(wanted)]}

    def best(self) -> Candidate | None:
        return self.candidates[0] if self.candidates else None


def broken(need: Need, one: Organization, record: Record, *names: str) -> LeftOut | None:
    """The first hard condition that is broken, of all or of those named."""
    for rule in RULES:
        if names and rule.name not in names:
            continue
        if why := rule.broken(need, one, record):
            return LeftOut(organization=one.code, name=one.name, rule=rule.name, why=why, firm=rule.firm)
    return None


def rank(
    need: Need, organizations: Iterable[Organization], records: Mapping[str, Record], weights: Mapping[str, int]
) -> Ranking:
    """Every organization, either with its score or with the one rule that keeps it out."""
    district = sum(records.values(), NOTHING)
    fitting: list[tuple[int, int, Candidate]] = []
    left_out = []
    for one in organizations:
        record = records.get(one.code, NOTHING)
        if out := broken(need, one, record):
            left_out.append(out)
            continue
        seen = Seen(
            item=need.item, park=need.park, industries=need.industries, text=need.text, today=need.today,
            one=one, record=record, district=district,
        )  # fmt: skip
        candidate, tenths = _scored(seen, weights)
        fitting.append((-tenths, record.in_hand, candidate))
    fitting.sort(key=lambda row: (row[0], row[1], row[2].organization))
    left_out.sort(key=lambda out: (out.rule == "item", out.organization))
    return Ranking(candidates=tuple(candidate for *_, candidate in fitting), left_out=tuple(left_out))


def _scored(seen: Seen, weights: Mapping[str, int]) -> tuple[Candidate, int]:
    """Counted in tenths of a point, so that the parts add up to the score exactly."""
    tenths = {name: round(weights[name] * 10 * WORTH[name](seen)) for name in weights}
    parts = tuple(
        Part(criterion=name, points=tenths[name] / 10, weight=weights[name], facts=tuple(FACTS[name](seen)))
        for name in weights
    )
    total = sum(tenths.values())
    return Candidate(organization=seen.one.code, name=seen.one.name, score=total / 10, parts=parts), total


def check_weights(weights: Mapping[str, object]) -> dict[str, int]:
    """Raises Invalid unless each criterion has whole points, and all together 100."""
    wrong = {name: "请写 0 到 100 的整数" for name in DEFAULTS if not _points(weights.get(name))}
    wrong |= {name: "没有这一项标准" for name in weights if name not in DEFAULTS}
    if wrong:
        raise Invalid("请检查填写的内容", fields={f"weights.{name}": text for name, text in wrong.items()})
    points = {name: int(str(weights[name])) for name in DEFAULTS}
    if sum(points.values()) != TOTAL:
        raise Invalid("请检查填写的内容", fields={"weights": "各项相加要正好 100 分"})
    return points


def _points(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= TOTAL
