"""Where one message may hold several needs: numbered lists, lines, and sentences set apart by semicolons."""

import re
from collections.abc import Callable, Iterable

AT_MOST = 10
SHORTEST = 4  # characters that a need has at least where nothing but a pause sets it apart

_MARKS = (
    # only after a pause: 1. 2、 三、 第一
    r"(?:(?<=^)|(?<=[\s。；;：:，,！!？?]))(?:\d{1,2}|[一二三四五六七八九十])[)）.．、:：]",
    r"(?:(?<=^)|(?<=[\s。；;：:，,！!？?]))第[一二三四五六七八九十\d]{1,2}[,，、:：]?",
    # anywhere: (1) （二） ③
    r"[(（](?:\d{1,2}|[一二三四五六七八九十])[)）]",
    "[①-⑩]",
)
_NUMBERED = re.compile(rf"({'|'.join(_MARKS)})\s*(?=\D)")
_ORDER = tuple("一二三四五六七八九十")
_REMARK = re.compile(
    r"^(以上|上面|上述|这|那)?(几|两|二|三|四|俩|些|\d)?(件|个|项|样|种)?(事|事情|需求|问题|都|全都|一起|合起来|一并)"
)
_JOINED = re.compile(r"[；;\n]+|[。！!]\s*(?=另外|还有|同时|此外|顺便)")
_OPENING = re.compile(r"^(另外|还有|同时|此外|顺便|再就是|其次|首先|最后)[，,：:]?")


def parts_of(text: str, about: Callable[[str], str]) -> tuple[str, ...]:
    """What each part may be, in order; nothing when the text is one need. `about` names the likeliest item of a text.

    A numbered list is taken at its word. Other parts must be about different items.
    """
    if numbered := _numbered(text):
        return numbered
    parts = _clean(_JOINED.split(text), SHORTEST)
    kinds = {about(part) for part in parts}
    return parts if len(parts) > 1 and "" not in kinds and len(kinds) == len(parts) else ()


def _numbered(text: str) -> tuple[str, ...]:
    """The entries of a list that counts from one."""
    counted: list[re.Match[str]] = []
    for mark in _NUMBERED.finditer(text):
        if _value(mark[1]) == len(counted) + 1:
            counted.append(mark)
    if len(counted) < 2:
        return ()
    ends = [*(mark.start() for mark in counted[1:]), len(text)]
    parts = _clean((text[mark.end() : end] for mark, end in zip(counted, ends, strict=True)), 2)
    return parts if len(parts) == len(counted) else ()


def _value(mark: str) -> int:
    if digits := re.search(r"\d+", mark):
        return int(digits[0])
    if "①" <= mark <= "⑩":
        return ord(mark) - ord("①") + 1
    return next((n for n, character in enumerate(_ORDER, 1) if character in mark), 0)


def _clean(parts: Iterable[str], shortest: int) -> tuple[str, ...]:
    """Without separators at the ends, and without what only speaks of the parts together."""
    found = []
    for part in parts:
        sentences = [s for s in re.split(r"(?<=[。！!？?])", part.strip()) if s.strip()]
        while len(sentences) > 1 and _REMARK.match(sentences[-1].strip()):
            sentences.pop()
        plain = _OPENING.sub("", "".join(sentences).strip().strip("；;，,、。")).strip()
        if len(plain) >= shortest and not _REMARK.match(plain):
            found.append(plain)
    return tuple(found[:AT_MOST])
