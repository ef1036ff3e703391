"""The training item that most categories offer: the same form and the same result, other topics."""

from services.providers.plugin import Item
from shared.forms import Form, choice, day, integer, number, paragraph, text

PLACES = {
    "company": ("到企业来讲", "At the company"),
    "station": ("到服务站听", "At the station"),
    "online": ("线上", "Online"),
}

HELD: Form = {
    "held_on": day("培训日期", en="Held on"),
    "hours": number("学时", en="Hours", least=0.5, most=200, unit="小时"),
    "trainer": text("讲师和单位", en="Trainer and institution"),
    "people": integer("到场人数", en="Attendance", least=1, most=2000),
    "content": paragraph("讲了什么", en="Contents"),
    "outcome": paragraph("考核或反馈", en="Test or feedback", required=False),
}


def training(
    *,
    title: str,
    title_en: str,
    topic: str,
    content: str,
    outcome: str,
    words: tuple[str, ...],
    phrases: tuple[str, ...] = (),
) -> Item:
    """A training item; `topic`, `content` and `outcome` are its examples."""
    return Item(
        title=title,
        title_en=title_en,
        form={
            "topic": text("想学什么", en="Topic", example=topic),
            "people": integer("多少人参加", en="Attendance", least=1, most=2000, unit="人"),
            "place": choice("在哪里讲", PLACES, en="Place"),
            "before": day("希望在哪天前", en="Wanted before", required=False),
        },
        result=HELD,
        words=words,
        phrases=phrases,
        example={"topic": topic, "people": 20, "place": "company"},
        example_result={
            "held_on": "2026-12-10",
            "hours": 6,
            "trainer": "示例讲师，示例培训机构",
            "people": 18,
            "content": content,
            "outcome": outcome,
        },
        days=20,
    )
