"""What each criterion of matching is worth, from 0 to 1, and the facts behind it in words. Pure functions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from services.dispatch.domain.organizations import Distance, Organization, Price, Record
from shared.contracts.dispatch import Phrase
from shared.contracts.providers import Qualification

# A rate of few cases says little, so it is drawn towards the district's: as if there were so many average cases more.
OWN_CASES = 5
DISTRICT_CASES = 10
ASSUMED = 0.8  # where the whole district has no cases yet
FEW = 10  # answers, below which a satisfaction is not told as a rate
PRACTISED = 5  # jobs of the same item, after which more add nothing
NEW_MONTHS, OLD_MONTHS = 6, 24
NEUTRAL = 0.5
COUNT_DIGITS = 3  # longer numbers are those of standards
GENERIC = frozenset({  # words that every scope has and that speak for nobody
    "服务", "检测", "检验", "检定", "校准", "认证", "咨询", "产品", "企业", "公司", "技术", "管理",
    "质量", "标准", "机构", "项目",
})  # fmt: skip

NAMED = "资质写明这一项：{scope}"
COVERED = "资质覆盖这一项：{scope}"
SHARED = "资质范围里有“{word}”"
DONE = "一年里办成同类 {n} 件"
KNOWS = "熟悉本园区的{industries}"
OTHERS = "熟悉的是{industries}，不是本园区的行业"
ALL_ROUND = "没有写明熟悉的行业"
PLAIN_PARK = "本园区没有写明行业"
COMPLETED = "一年里接手 {n} 件，办成 {k} 件"
NO_JOBS = "一年里还没有办完的，按全区平均计"
TIMELY = "约定日期的 {n} 件里，{k} 件按时"
NO_DATES = "还没有约定日期的，按全区平均计"
SATISFIED = "满意率 {rate}%，{n} 份（回复率 {answered}%）"
FEW_ANSWERS = "评价只有 {n} 份，多半按全区平均计"
ON_SITE = "在本园区有驻点"
NEAR = "就在本区"
CITY = "在本市"
FAR = "在外地"
CHEAP = "收费偏低"
FAIR = "收费适中"
DEAR = "收费偏高"
HANDS = "手上 {n} 件，上限 {most} 件"
MONTHS = "入驻 {n} 个月"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One organization in the light of one need; `district` is all records together."""

    item: str
    park: str
    industries: tuple[str, ...]
    text: str
    today: date
    one: Organization
    record: Record
    district: Record

    @property
    def qualification(self) -> Qualification:
        """The one that speaks most for it; a hard condition has seen to it that there is one."""
        valid = [q for q in self.one.qualified(self.item) if q.expires_on >= self.today.isoformat()]
        return max(valid, key=lambda q: (self.item in q.items, len(shared_word(q.scope, self.text))))

    @property
    def fitting(self) -> list[str]:
        """The park's industries that the organization knows."""
        return [industry for industry in self.industries if industry in self.one.industries]

    @property
    def months(self) -> int:
        joined = self.one.joined_on
        months = (self.today.year - joined.year) * 12 + self.today.month - joined.month
        return max(0, months - (self.today.day < joined.day))


def shared_word(scope: str, text: str) -> str:
    """The longest run of two letters or more that both have; no word that every scope has, and no mere count."""
    best = ""
    for start in range(len(text)):
        for end in range(start + max(2, len(best) + 1), len(text) + 1):
            word = text[start:end]
            if word not in scope:
                break
            if word not in GENERIC and word.isalnum() and (len(word) > COUNT_DIGITS or not word.isdecimal()):
                best = word
    return best


def shrunk(good: int, cases: int, district_good: int, district_cases: int) -> float:
    """The share of good cases, drawn towards the district's while they are few."""
    mean = (district_good + ASSUMED * DISTRICT_CASES) / (district_cases + DISTRICT_CASES)
    return (good + mean * OWN_CASES) / (cases + OWN_CASES)


def _capability(seen: Seen) -> float:
    qualification = seen.qualification
    named = 0.7 if seen.item in qualification.items else 0.5
    word = 0.2 if shared_word(qualification.scope, seen.text) else 0.0
    return named + word + 0.1 * min(1.0, seen.record.finished_of_item / PRACTISED)


def _able(seen: Seen) -> Iterator[Phrase]:
    qualification = seen.qualification
    text = NAMED if seen.item in qualification.items else COVERED
    yield Phrase(text=text, params={"scope": qualification.scope})
    if word := shared_word(qualification.scope, seen.text):
        yield Phrase(text=SHARED, params={"word": word})
    if n := seen.record.finished_of_item:
        yield Phrase(text=DONE, params={"n": n})


def _industry(seen: Seen) -> float:
    if not seen.industries or not seen.one.industries:
        return NEUTRAL
    return 0.7 + 0.3 * len(seen.fitting) / len(seen.industries) if seen.fitting else 0.1


def _knows(seen: Seen) -> Iterator[Phrase]:
    if not seen.industries:
        yield Phrase(text=PLAIN_PARK)
    elif not seen.one.industries:
        yield Phrase(text=ALL_ROUND)
    elif seen.fitting:
        yield Phrase(text=KNOWS, params={"industries": "、".join(seen.fitting)})
    else:
        yield Phrase(text=OTHERS, params={"industries": "、".join(seen.one.industries)})


def _completion(seen: Seen) -> float:
    return shrunk(seen.record.finished, seen.record.ended, seen.district.finished, seen.district.ended)


def _completed(seen: Seen) -> Iterator[Phrase]:
    n, k = seen.record.ended, seen.record.finished
    yield Phrase(text=COMPLETED, params={"n": n, "k": k}) if n else Phrase(text=NO_JOBS)


def _timeliness(seen: Seen) -> float:
    return shrunk(seen.record.timely, seen.record.dated, seen.district.timely, seen.district.dated)


def _timely(seen: Seen) -> Iterator[Phrase]:
    n, k = seen.record.dated, seen.record.timely
    yield Phrase(text=TIMELY, params={"n": n, "k": k}) if n else Phrase(text=NO_DATES)


def _satisfaction(seen: Seen) -> float:
    return shrunk(seen.record.satisfied, seen.record.rated, seen.district.satisfied, seen.district.rated)


def _satisfied(seen: Seen) -> Iterator[Phrase]:
    """Always of how many, and how many of those asked answered."""
    n, k, asked = seen.record.rated, seen.record.satisfied, seen.record.asked
    if n < FEW:
        yield Phrase(text=FEW_ANSWERS, params={"n": n})
    else:
        yield Phrase(text=SATISFIED, params={"rate": _percent(k, n), "n": n, "answered": _percent(n, max(n, asked))})


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole)


_DISTANCES = {Distance.NEAR: (0.7, NEAR), Distance.CITY: (0.4, CITY), Distance.FAR: (0.1, FAR)}
_PRICES = {Price.LOW: (1.0, CHEAP), Price.MIDDLE: (0.6, FAIR), Price.HIGH: (0.2, DEAR)}


def _distance(seen: Seen) -> float:
    return 1.0 if seen.park in seen.one.desks else _DISTANCES[seen.one.distance][0]


def _where(seen: Seen) -> Iterator[Phrase]:
    yield Phrase(text=ON_SITE if seen.park in seen.one.desks else _DISTANCES[seen.one.distance][1])


def _price(seen: Seen) -> float:
    return _PRICES[seen.one.price][0]


def _charges(seen: Seen) -> Iterator[Phrase]:
    yield Phrase(text=_PRICES[seen.one.price][1])


def _load(seen: Seen) -> float:
    return max(0.0, 1 - seen.record.in_hand / seen.one.capacity)


def _hands(seen: Seen) -> Iterator[Phrase]:
    yield Phrase(text=HANDS, params={"n": seen.record.in_hand, "most": seen.one.capacity})


def _newcomer(seen: Seen) -> float:
    return min(1.0, max(0.0, (OLD_MONTHS - seen.months) / (OLD_MONTHS - NEW_MONTHS)))


def _since(seen: Seen) -> Iterator[Phrase]:
    yield Phrase(text=MONTHS, params={"n": seen.months})


WORTH: dict[str, Callable[[Seen], float]] = {
    "capability": _capability, "industry": _industry, "timeliness": _timeliness, "completion": _completion,
    "satisfaction": _satisfaction, "distance": _distance, "load": _load, "price": _price, "newcomer": _newcomer,
}  # fmt: skip
FACTS: dict[str, Callable[[Seen], Iterator[Phrase]]] = {
    "capability": _able, "industry": _knows, "timeliness": _timely, "completion": _completed,
    "satisfaction": _satisfied, "distance": _where, "load": _hands, "price": _charges, "newcomer": _since,
}  # fmt: skip
