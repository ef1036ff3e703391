"""A demo plugin that declines everything; registers when imported, never discovered."""

from services.providers.plugin import Category, Declined, Desk, Item, Job, provides
from shared.forms import text


@provides("refuses")
class Refuses(Category):
    """Has a reason for every refusal."""

    clause = "0.1"
    title = "总是谢绝"
    title_en = "Always declines"
    summary = "测试用：每一项都谢绝。"
    summary_en = "For tests: declines every job."
    items = {
        "a": Item(
            title="谢绝",
            title_en="Decline",
            form={"what": text("要什么", en="What")},
            result={"answer": text("答复", en="Answer")},
            example={"what": "随便"},
            example_result={"answer": "没有"},
        )
    }

    def consider(self, job: Job, desk: Desk) -> Declined:
        return Declined("这里是测试用的，什么都不办，请另找一家。")
