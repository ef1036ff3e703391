"""A demo plugin that fails on everything; registers when imported, never discovered."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from shared.forms import text


@provides("crashes")
class Crashes(Category):
    """Shows what a bug in a plugin does to the rest: nothing."""

    clause = "0.2"
    title = "总是出错"
    title_en = "Always crashes"
    summary = "测试用：每一项都出错。"
    summary_en = "For tests: raises on every job."
    items = {
        "a": Item(
            title="出错",
            title_en="Crash",
            form={"what": text("要什么", en="What")},
            result={"answer": text("答复", en="Answer")},
            example={"what": "随便"},
            example_result={"answer": "没有"},
        )
    }

    def consider(self, job: Job, desk: Desk) -> Accepted:
        raise RuntimeError("a bug in a plugin")
