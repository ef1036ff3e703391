"""Questions about the station are told from needs."""

import pytest

from deploy.cli.suggestions import installed
from deploy.demo.replay import Need, read
from services.dispatch.domain.questions import HOURS, PHONE, PLACE, question
from tests.unit.dispatch.test_suggestion import NEEDS

KNOWN = installed()


@pytest.mark.clause("6.3")
@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("请问服务站几点上班？在哪栋楼？", (HOURS, PLACE)),
        ("几点开门", (HOURS,)),
        ("周六上班吗", (HOURS,)),
        ("你们中午休息吗？", (HOURS,)),
        ("营业时间是什么时候", (HOURS,)),
        ("你们在哪里", (PLACE,)),
        ("服务站怎么走", (PLACE,)),
        ("地址", (PLACE,)),
        ("电话多少", (PHONE,)),
        ("请问怎么联系你们？谢谢", (PHONE,)),
        ("周末开放吗，地址在哪，电话多少", (HOURS, PLACE, PHONE)),
        ("When do you open? Where is your office?", (HOURS, PLACE)),
        ("What is your phone number please", (PHONE,)),
    ],
)
def test_a_question_about_the_station_is_recognised_with_its_words(text, asks):
    found = question(text, KNOWN.knows)
    assert found is not None
    assert found.asks == asks
    assert all(word in text.casefold() for word in found.words)


@pytest.mark.parametrize(
    "text",
    [
        "", "你好，谢谢", "商标注册在哪里办？", "你们电话多少，我要做检测", "哪里能检测", "我想租个办公室，几楼有",
        "打印机坏了怎么联系你们来修", "校准几点截止收样？", "温度计的位置在哪里装合适", "电话交换机要进网许可",
    ],
)  # fmt: skip
def test_what_may_be_a_need_is_never_taken_for_a_question(text):
    assert question(text, KNOWN.knows) is None


def test_of_the_demos_needs_only_the_question_is_one():
    needs = [one for one in read(NEEDS.read_text(encoding="utf-8").splitlines()) if isinstance(one, Need)]
    assert [n.id for n in needs if question(n.text, KNOWN.knows)] == [n.id for n in needs if n.item is None]
