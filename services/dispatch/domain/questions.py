"""Questions that are no service need: when a station is open, where it is, how to reach it."""

import re
from collections.abc import Callable

from shared.contracts.dispatch import Question

HOURS, PLACE, PHONE = "hours", "place", "phone"
LEFT_OVER = 3  # characters that are neither the question nor small talk: more of them may be a need

_ASKED = {
    HOURS: (
        r"(每天|平时|周[一二三四五六日末]|星期[一二三四五六日天]|节假日|中午|早上|下午|晚上)?"
        r"(几点|什么时候|什么时间|何时|多久)(钟)?(可以|能|才)?(上下班|上班|下班|开门|关门|营业|开放|休息)",
        r"(上班|下班|营业|开放|办公|服务|工作|作息|接待)(的)?时间",
        r"(周[六日末]|星期[六日天]|节假日|中午|晚上)(也|还|都)?(开门|开放|营业|上班|休息|有人)",
        r"(when|what time)( \w+){0,4} (open|close)\w*|opening (hours|times?)|office hours",
    ),
    PLACE: (
        r"在?(哪里|哪儿|哪)(一)?(栋楼|栋|幢|座|层|楼|个位置|个地方|间|条路)|几(号|栋|楼|层)(楼)?",
        r"(地址|位置|具体地点|办公地点)(在|是)?(哪里|哪儿|哪|什么|多少)?|(在|位于)(哪里|哪儿|哪|什么地方|什么位置)",
        r"(怎么|怎样|如何)(走|过去|过来|坐车|乘车|找到你们|找你们)",
        r"where( \w+){0,3} (office|station|you|located)|(your|the) address|how (do|can) i get there",
    ),
    PHONE: (
        r"((联系|咨询|服务|办公|值班)?(电话|手机|号码|联系方式|热线)(号码|号)?)(是|有)?(多少|什么|几|哪个)?",
        r"(怎么|怎样|如何)(联系|联络|找)(到)?(你们|您们|服务站|工作人员|人)?|打什么电话",
        r"(phone|telephone)( number)?|how (do|can) i (reach|contact|call) you",
    ),
}  # fmt: skip
_TALK = re.compile(
    "请问|你好|您好|麻烦|劳驾|谢谢|多谢|感谢|告诉|一下|想问|问问|问|咨询|知道|打听|了解|我们|咱们|你们|您们|贵站|本站|我|你|您|"
    "一站式|质量基础设施|服务站|服务中心|工作站|园区|站点|站里|站|工作人员|人员|的话|是不是|有没有|是|有|在|的|了|吗|呢|啊|呀|哦|"
    "吧|么|想|要|去|来|到|和|跟|还|也|都|那|这|个|能|可以|会|多少|什么|大概|具体|现在|今天|明天|每天|平时|"
    r"\b(please|hello|hi|thanks?|thank you|is|are|the|a|an|your|you|do|does|what|and|of|to|me|tell|can|could|i|we)\b"
)
_ASKED_RE = {asks: re.compile("|".join(f"(?:{p})" for p in patterns)) for asks, patterns in _ASKED.items()}
_LETTERS = re.compile(r"[\u4e00-\u9fff]|[a-z0-9]+")


def question(text: str, is_need: Callable[[str], bool]) -> Question | None:
    """What the text asks of the station, if it asks nothing else; `is_need` knows the words of services."""
    said = text.casefold()
    asks: dict[str, list[str]] = {}
    rest = said
    for what, pattern in _ASKED_RE.items():
        if words := [found[0].strip() for found in pattern.finditer(said) if found[0].strip()]:
            asks[what] = words
            rest = pattern.sub(" ", rest)
    if not asks or is_need(rest):
        return None
    if len(_LETTERS.findall(_TALK.sub(" ", rest))) > LEFT_OVER:
        return None
    every = dict.fromkeys(word for words in asks.values() for word in words)
    return Question(asks=tuple(asks), words=tuple(every))
