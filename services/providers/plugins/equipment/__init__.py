"""Equipment sharing services (clause 5.8): the open inventory and its booking by half days."""

from collections.abc import Iterator
from datetime import date, timedelta

from services.providers.plugin import Accepted, Category, Declined, Desk, Item, Job, provides
from services.providers.plugins.equipment.inventory import (
    BY_CODE,
    INVENTORY,
    Instrument,
    matching,
)
from shared.forms import choice, day, number, paragraph, table, text

HALVES = {"am": ("上午", "Morning"), "pm": ("下午", "Afternoon")}
AHEAD = 10  # days searched for free half-days, the wanted one included
OFFERED = 3  # of them named in a refusal


@provides("equipment")
class Equipment(Category):
    """Lists what can be shared and books it; an instrument is held by one job a half-day."""

    clause = "5.8"
    title = "设备共享服务"
    title_en = "Equipment sharing"
    summary = "查园区里能共用的仪器，按半天预约，找这里。"
    summary_en = "Instruments to share in the parks, booked by the half day."
    items = {
        "a": Item(
            title="共享仪器设备清单",
            title_en="Instruments to share",
            form={
                "keyword": text(
                    "想找什么仪器或做什么试验",
                    en="Instrument or test",
                    required=False,
                    hint="几个词用空格隔开；不填就看全部",
                    example="盐雾 镀层",
                ),
                "offer": paragraph(
                    "愿意共享的设备",
                    en="Equipment you offer",
                    required=False,
                    hint="名称、型号、放在哪里；没有就不填",
                ),
            },
            result={
                "conclusion": paragraph("结论", en="Conclusion"),
                "instruments": table(
                    "可共享的仪器",
                    {
                        "code": text("编号", en="Code", most=20),
                        "name": text("名称", en="Name"),
                        "place": text("地点", en="Place"),
                        "rate": number("半天费用", en="Rate for half a day", least=0, unit="元"),
                        "rules": text("使用要求", en="Rules"),
                    },
                    required=False,
                    en="Instruments",
                ),
            },
            words=(
                "仪器", "设备", "共享", "共享清单", "设备清单", "仪器清单", "开放共享", "共享设备",
                "共享仪器", "仪器设备", "共性设备", "大型仪器", "闲置设备", "共享平台",
                "公共实验室",
            ),
            phrases=(
                "园区有哪些仪器对外开放", "想看看共享设备的目录", "我们有闲置的检测设备，想登记进共享平台",
                "哪家公司有示波器愿意共享", "公共实验室里有什么大型仪器", "能共用的高低温箱有几台、在谁那里",
            ),
            example={"keyword": "盐雾 镀层"},
            example_result={
                "conclusion": "共 8 台，符合的有 1 台。",
                "instruments": [
                    {
                        "code": "SSC-01", "name": "盐雾试验箱",
                        "place": "番禺创新科技园 环境试验室", "rate": 150,
                        "rules": "样品要自带编号；试验后请当天取走。",
                    }
                ],
            },
            days=2,
        ),
        "b": Item(
            title="预约使用共享仪器",
            title_en="Booking an instrument",
            form={
                "instrument": choice(
                    "哪台仪器",
                    {one.code: (f"{one.name}，{one.place}", one.name_en) for one in INVENTORY},
                    en="Instrument",
                ),
                "day": day("哪一天", en="Day", hint="最早约明天", example="2026-12-08"),
                "half": choice("上午还是下午", HALVES, en="Half of the day"),
                "purpose": text("用来做什么", en="Purpose", example="看镀层厚度"),
            },
            result={
                "instrument": text("仪器", en="Instrument"),
                "code": text("编号", en="Code", most=20),
                "day": day("日期", en="Day"),
                "half": choice("上午或下午", HALVES, en="Half of the day"),
                "place": text("地点", en="Place"),
                "fee": number("预计费用", en="Estimated fee", least=0, unit="元"),
                "rules": paragraph("使用要求", en="Rules"),
            },
            words=(
                "借用", "租用", "租赁", "设备租赁", "仪器租赁", "预约仪器", "预约设备", "预约",
                "实验外包", "上机", "机时", "借设备", "租设备", "借仪器", "用仪器", "自己操作",
            ),
            phrases=(
                "想租一台频谱仪用三天", "借用红外热像仪怎么收费", "想约下周二上午用实验室的显微镜",
                "实验自己做不了，想外包给有设备的单位", "机时怎么预约，能不能自己操作", "临时要用盐雾箱一周，能租吗",
                "拉力试验机想借半天",
            ),
            example={
                "instrument": "SSC-01", "day": "2030-05-14", "half": "pm", "purpose": "看镀层耐蚀",
            },
            example_result={
                "instrument": "盐雾试验箱", "code": "SSC-01", "day": "2030-05-14", "half": "pm",
                "place": "番禺创新科技园 环境试验室", "fee": 150,
                "rules": "样品要自带编号；试验后请当天取走。",
            },
            days=2,
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted | Declined:
        return _listed(job) if job.item == "a" else _booked(job, desk)


def _listed(job: Job) -> Accepted:
    if job.details.get("offer"):
        return Accepted(note="谢谢您愿意共享。服务站的设备专员会先去看设备，谈好条件再列入清单。")
    keyword = job.details.get("keyword", "").strip()
    found = matching(keyword)
    conclusion = f"共 {len(INVENTORY)} 台可以共享"
    if keyword:
        conclusion += f"，符合“{keyword}”的有 {len(found)} 台"
    return Accepted(
        note="清单已附上，看中哪台可以直接预约。" if found else "清单里没有，服务站可以替您再找。",
        result={
            "conclusion": conclusion + "。",
            "instruments": [
                {
                    "code": one.code, "name": one.name, "place": one.place,
                    "rate": one.rate, "rules": one.rules,
                }
                for one in found
            ],
        },
    )  # fmt: skip


def _booked(job: Job, desk: Desk) -> Accepted | Declined:
    instrument = BY_CODE.get(job.details["instrument"])
    if instrument is None:
        return Declined(f"清单里没有编号 {job.details['instrument']} 的仪器，请从清单里另选一台。")
    wanted, half = date.fromisoformat(job.details["day"]), job.details["half"]
    said = f"{_told(wanted, job.today)}{HALVES[half][0]}"
    if wanted <= job.today:
        why = f"{said}已经来不及，最早约明天"
    elif wanted.weekday() not in instrument.open_on:
        why = f"{instrument.name}{_told(wanted, job.today)}不开放"
    elif not desk.take(instrument.code, _slot(wanted, half), job.job_id):
        why = f"{instrument.name}{said}已经有人约了"
    else:
        return Accepted(
            note=f"{said}的{instrument.name}已经替您留好，费用按实际使用算，由设备单位收取。",
            result={
                "instrument": instrument.name, "code": instrument.code,
                "day": wanted.isoformat(), "half": half, "place": instrument.place,
                "fee": instrument.rate, "rules": instrument.rules,
            },
        )  # fmt: skip
    first = max(wanted, job.today + timedelta(days=1))
    return Declined(f"{why}。{_offer(instrument, first, job.today, desk)}")


def _offer(instrument: Instrument, first: date, today: date, desk: Desk) -> str:
    """A sentence that names the next free half-days."""
    free = [f"{_told(day, today)}{HALVES[half][0]}" for day, half in _free(instrument, first, desk)]
    if not free:
        return f"{_told(first, today)}起 {AHEAD} 天内都约满了，请换一台仪器，或者请服务站替您另找。"
    return f"接下来有空的是{'、'.join(free[:OFFERED])}，请选一个再约。"


def _free(instrument: Instrument, first: date, desk: Desk) -> Iterator[tuple[date, str]]:
    days = [first + timedelta(days=n) for n in range(AHEAD)]
    taken = desk.taken(instrument.code, _slot(days[0], "am"), _slot(days[-1], "pm"))
    for one in days:
        if one.weekday() in instrument.open_on:
            for half in HALVES:
                if _slot(one, half) not in taken:
                    yield one, half


def _slot(day: date, half: str) -> str:
    return f"{day.isoformat()}-{half}"


def _told(day: date, today: date) -> str:
    """12月8日（周二）, with the year only when it is another one."""
    year = "" if day.year == today.year else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）"
