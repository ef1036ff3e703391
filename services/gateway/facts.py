"""Answers to questions about a station, composed from the facts of its configuration and nothing else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from services.gateway.language import EN, N_, ZH, Speech, speech
from services.gateway.visit import Visit
from shared.contracts.dispatch import Advice, ItemView, Question
from shared.contracts.station import StationView
from shared.errors import NotFound, Unavailable

_FACTS = {
    # what is asked: the field of the station, what it is called, how the answer says it
    "hours": ("hours", N_("开放时间"), N_("服务站的开放时间是 {fact}。")),
    "place": ("address", N_("地址"), N_("地址是 {fact}。")),
    "phone": ("phone", N_("电话"), N_("电话是 {fact}。")),
}
_CHINESE = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Reply:
    """`facts` are name and value of what is known, `lacking` the names of what the station has not told us."""

    asks: Sequence[str]
    words: Sequence[str]
    facts: Sequence[tuple[str, str]]
    lacking: Sequence[str]
    draft: str


def answered(question: Question, station: StationView, say: Speech, to: Speech | None = None) -> Reply:
    """What the station's facts say to the question: names in the reader's language, the draft in that of `to`."""
    wanted = [_FACTS[asked] for asked in question.asks if asked in _FACTS]
    told = [(say(name), str(getattr(station, field)), text) for field, name, text in wanted if getattr(station, field)]
    speaks = to or say
    lines = [speaks(text, fact=fact) for _, fact, text in told]
    return Reply(
        asks=[say(name) for _, name, _ in wanted],
        words=question.words,
        facts=[(name, fact) for name, fact, _ in told],
        lacking=[say(name) for field, name, _ in wanted if not getattr(station, field)],
        draft=("" if speaks.lang == ZH else " ").join([speaks("您好。"), *lines]) if lines else "",
    )


async def reply(visit: Visit, item: ItemView, advice: Advice) -> Reply | None:
    """The draft for staff, in the client's language, if the item is a question."""
    if advice.question is None:
        return None
    try:
        station = await visit.gateway.known.station(item.park)
    except (NotFound, Unavailable):
        return None
    return answered(advice.question, station, visit.say, speech(ZH if _CHINESE.search(item.text) else EN))
