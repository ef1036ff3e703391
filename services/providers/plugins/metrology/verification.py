"""Which measuring instruments must be verified by law, how often, and when next: data and rules.

Law: 计量法 article 9 and its catalogue 《实施强制管理的计量器具目录》
(市场监管总局公告 2020 年第 42 号). KINDS is data that a metrologist keeps up: the number is that
of the national verification regulation (JJG, the edition in force), `months` the longest period it
allows in ordinary use, `uses` those for which the catalogue lists the kind. It was written from
knowledge of the field, not copied from the regulations: check a row before relying on it, and ask
rather than guess what is not in it.
"""

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from shared.forms import Form, choice, day, integer, paragraph, table, text

BASIS = (
    "《计量法》第九条；《实施强制管理的计量器具目录》（市场监管总局公告 2020 年第 42 号）；"
    "各检定规程的现行版本。检定证书上的有效期与这里不同时，以证书为准。"
)
SINCE = date(1986, 7, 1)  # the law took effect: no certificate is older
SOON = timedelta(days=30)

USES = {
    "trade": ("贸易结算", "Trade settlement"),
    "safety": ("安全防护", "Safety protection"),
    "medical": ("医疗卫生", "Medical care"),
    "environment": ("环境监测", "Environmental monitoring"),
    "other": ("其他（如生产、质检）", "Other, such as production or quality control"),
}
VERDICTS = {
    "compulsory": ("要强制检定", "Compulsory verification"),
    "voluntary": ("不用强制检定，自行检定或校准", "Voluntary verification or calibration"),
    "ask": ("要核对目录，请问服务站", "Check the catalogue: ask the station"),
}
STATES = {
    "valid": ("到期前检定或校准", "To be done before it is due"),
    "soon": ("快到期，现在就预约", "Due soon: book now"),
    "overdue": ("已到期，先检定或校准再用", "Overdue: not to be used before"),
    "first": ("首次使用前检定或校准", "Before first use"),
    "once": ("只做首次检定，到期更换", "Verified once, then replaced"),
    "ask": ("按它的检定规程，请问服务站", "By its regulation: ask the station"),
}


INSTRUMENTS: Form = {
    "instruments": table(
        "计量器具清单",
        {
            "name": text("名称", en="Name", example="压力表"),
            "model": text("型号规格", en="Model", required=False, most=60, example="Y-100"),
            "count": integer("数量", en="Count", least=1, most=100_000),
            "last_verified": day(
                "上次检定日期", en="Last verified on", required=False, hint="新的、没检定过的不填"
            ),
            "use": choice("用在哪里", USES, en="Use"),
        },
        en="Instruments",
        hint="名称、用途和上次检定日期都相同的写一行",
    ),
}  # fmt: skip

JUDGED: Form = {
    "conclusion": paragraph("结论", en="Conclusion"),
    "instruments": table(
        "逐项结果",
        {
            "name": text("名称", en="Name"),
            "model": text("型号规格", en="Model", required=False, most=60),
            "count": integer("数量", en="Count", least=1),
            "use": choice("用在哪里", USES, en="Use"),
            "verdict": choice("要不要强制检定", VERDICTS, en="Verification"),
            "regulation": text("检定规程", en="Regulation", required=False, most=60),
            "months": integer(
                "检定周期最长", en="Longest period", required=False, least=1, unit="个月"
            ),
            "due": day("要在哪天前做", en="Due before", required=False),
            "state": choice("怎么安排", STATES, en="What to do"),
            "note": text("说明", en="Note", required=False),
        },
        required=False,
        en="Instruments",
    ),
    "basis": paragraph("依据", en="Basis", required=False),
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of instrument. Without `months` the period depends on what the form does not ask."""

    names: tuple[str, ...]
    regulation: str
    months: int | None
    uses: frozenset[str] = frozenset()
    note: str = ""
    once: bool = False


TRADE, SAFETY, MEDICAL = frozenset({"trade"}), frozenset({"safety"}), frozenset({"medical"})
ENVIRONMENT = frozenset({"environment"})
ALL_FOUR = TRADE | SAFETY | MEDICAL | ENVIRONMENT

KINDS = (
    Kind(("压力表", "真空表", "氧气表"), "JJG 52", 6, SAFETY),
    Kind(("精密压力表",), "JJG 49", 12, SAFETY),
    Kind(("数字压力表", "数显压力表", "数字压力计"), "JJG 875", 12, SAFETY),
    Kind(("轮胎压力表",), "JJG 927", None, SAFETY),
    Kind(("电子天平", "分析天平"), "JJG 1036", 12, ALL_FOUR),
    Kind(
        ("电子秤", "电子台秤", "计价秤", "电子案秤", "电子吊秤", "汽车衡", "地磅", "数字指示秤"),
        "JJG 539", 12, ALL_FOUR,
    ),
    Kind(("弹簧度盘秤", "模拟指示秤"), "JJG 13", 12, ALL_FOUR),
    Kind(("机械台秤", "机械案秤", "非自行指示秤"), "JJG 14", 12, ALL_FOUR),
    Kind(("加油机", "燃油加油机"), "JJG 443", 6, TRADE),
    Kind(("出租汽车计价器", "出租车计价器"), "JJG 517", 12, TRADE),
    Kind(("交流充电桩",), "JJG 1148", 36, TRADE),
    Kind(("直流充电桩", "非车载充电机"), "JJG 1149", 36, TRADE),
    Kind(("水表",), "JJG 162", None, TRADE, "周期和能否只做首次检定由口径决定，请看铭牌并问服务站"),
    Kind(("热水表", "热水水表"), "JJG 686", None, TRADE),
    Kind(("燃气表",), "JJG 577", None, TRADE, "周期和能否只做首次检定由流量和气种决定，请问服务站"),
    Kind(("血压计", "血压表"), "JJG 270", 6, MEDICAL),
    Kind(("电子血压计", "无创自动测量血压计"), "JJG 692", 12, MEDICAL),
    Kind(("玻璃体温计", "水银体温计"), "JJG 111", None, MEDICAL, "失准报废", once=True),
    Kind(("心电图机",), "JJG 543", 12, MEDICAL),
    Kind(("监护仪",), "JJG 1163", 12, MEDICAL),
    Kind(("焦度计",), "JJG 580", 12, MEDICAL),
    Kind(("验光仪",), "JJG 892", 12, MEDICAL),
    Kind(("声级计",), "JJG 188", 12, ENVIRONMENT),
    Kind(("可燃气体报警器", "可燃气体检测报警器", "可燃气体探测器"), "JJG 693", 12, SAFETY),
    Kind(("硫化氢气体检测仪", "硫化氢检测仪"), "JJG 695", 12, SAFETY),
    Kind(("一氧化碳检测报警器", "一氧化碳报警器"), "JJG 915", 12, SAFETY),
    Kind(("卡尺",), "JJG 30", 12),
    Kind(("千分尺",), "JJG 21", 12),
)  # fmt: skip

_NAMED = {name: kind for kind in KINDS for name in kind.names}
_ASIDE = re.compile(r"[（(\[【].*?[)）\]】]|[\x00-\x7f～~—°℃Ω·]+")  # ranges, model numbers, remarks


def kind_of(name: str) -> Kind | None:
    """The kind whose longest name ends this one: 不锈钢压力表 is 压力表, 压力表校验仪 is not."""
    bare = _ASIDE.sub("", name)
    ends = [known for known in _NAMED if bare.endswith(known)]
    return _NAMED[max(ends, key=len)] if ends else None


def months_after(start: date, months: int) -> date:
    """The same day of the month, or the month's last when it has no such day."""
    years, month = divmod(start.month - 1 + months, 12)
    year = start.year + years
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def faults(rows: Sequence[Mapping[str, Any]], today: date) -> list[str]:
    """What is wrong with the last verified days, and what to do about it."""
    found = []
    for number, row in enumerate(rows, start=1):
        if not (said := row.get("last_verified")):
            continue
        last = date.fromisoformat(said)
        if last > today:
            what = "还没有到，请照检定证书改成已经做过的那一次"
        elif last < SINCE:
            what = "早于《计量法》施行的日子，请照检定证书改正"
        else:
            continue
        found.append(f"第 {number} 行“{row['name']}”的上次检定日期 {said} {what}；没有检定过就不填。")
    return found


def judged(row: Mapping[str, Any], today: date) -> dict[str, Any]:
    """One line of the result: whether the law asks for verification, and before which day.

    The instrument must be done before `due`: a certificate of 20 May over 12 months runs to 19 May.
    """
    kind = kind_of(row["name"])
    line: dict[str, Any] = {
        "name": row["name"], "count": row["count"], "use": row["use"],
        "verdict": _verdict(kind, row["use"]), "state": "ask",
    }  # fmt: skip
    if model := row.get("model"):
        line["model"] = model
    if kind is None:
        return line
    line["regulation"] = kind.regulation
    if kind.note:
        line["note"] = kind.note
    last = row.get("last_verified")
    if kind.months:
        line["months"] = kind.months
    if not last:
        line["state"] = "first"
    elif kind.once:
        line["state"] = "once"
    elif kind.months:
        due = months_after(date.fromisoformat(last), kind.months)
        line["due"] = due.isoformat()
        line["state"] = "overdue" if due <= today else "soon" if due - today <= SOON else "valid"
    return line


def _verdict(kind: Kind | None, use: str) -> str:
    if use == "other":
        return "voluntary"
    if kind is None:
        return "ask"
    if use in kind.uses:
        return "compulsory"
    return "ask" if kind.uses else "voluntary"


def summed_up(lines: Sequence[Mapping[str, Any]]) -> str:
    """One sentence that counts what was found."""
    said = [f"清单共 {len(lines)} 行、{sum(line['count'] for line in lines)} 件"]
    for field, value, words in (
        ("verdict", "compulsory", "要强制检定"),
        ("verdict", "ask", "要核对目录"),
        ("state", "overdue", "已经到期"),
    ):
        if number := sum(line[field] == value for line in lines):
            said.append(f"{number} 行{words}")
    if len(said) == 1:
        said.append("没有要强制检定的")
    return "，".join(said) + "。"
