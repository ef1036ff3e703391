"""How surveys are asked: questions as data, in versions; whom to ask, when, and below which mark why. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from shared.contracts.feedback import SurveyPlanView, SurveyQuestion
from shared.errors import Invalid

KEY = re.compile("[a-z][a-z0-9_]{0,30}")
MOST = 10  # questions, or reasons
TEXT_MOST = 100
DELAY_MOST = 24 * 30


@dataclass(frozen=True, kw_only=True)
class AskPlan:
    """One version of how surveys are asked."""

    version: int
    share: int
    delay_hours: int
    remind: bool
    comment_below: int
    questions: tuple[SurveyQuestion, ...]
    reasons: tuple[SurveyQuestion, ...]
    set_at: datetime | None = None
    set_by: str = ""

    def view(self) -> SurveyPlanView:
        return SurveyPlanView(**vars(self))

    def samples(self, item_id: str, version: int) -> bool:
        """The same answer however often it is asked of the same round of an item."""
        digest = sha256(f"survey\n{item_id}\n{version}".encode()).digest()
        return int.from_bytes(digest[:4]) % 100 < self.share


DEFAULT = AskPlan(
    version=0,
    share=100,
    delay_hours=0,
    remind=True,
    comment_below=3,
    questions=(
        SurveyQuestion(key="result", text="办的结果", en="The result"),
        SurveyQuestion(key="time", text="办得快不快", en="How fast it was"),
        SurveyQuestion(key="manner", text="服务态度", en="How you were treated"),
    ),
    reasons=(
        SurveyQuestion(key="slow", text="办得慢", en="It took too long"),
        SurveyQuestion(key="unclear", text="没有说清楚", en="It was not made clear"),
        SurveyQuestion(key="result", text="结果不对", en="The result was wrong"),
        SurveyQuestion(key="manner", text="态度不好", en="I was not treated well"),
        SurveyQuestion(key="fee", text="收费", en="Fees"),
    ),
)  # fmt: skip


def check_plan(plan: AskPlan) -> None:
    """Raises Invalid by field."""
    wrong = {}
    if not 0 <= plan.share <= 100:
        wrong["share"] = "要在 0 和 100 之间"
    if not 0 <= plan.delay_hours <= DELAY_MOST:
        wrong["delay_hours"] = "要在 0 和 720 小时之间"
    if not 0 <= plan.comment_below <= 5:
        wrong["comment_below"] = "要在 0 和 5 之间"
    for name, some in (("questions", plan.questions), ("reasons", plan.reasons)):
        keys = [one.key for one in some]
        if len(some) > MOST:
            wrong[name] = "最多 10 条"
        elif len(set(keys)) < len(keys) or not all(KEY.fullmatch(key) for key in keys):
            wrong[name] = "每条要有自己的代号：小写字母开头，只用字母、数字和下划线"
        elif not all(0 < len(one.text.strip()) <= TEXT_MOST and len(one.en) <= TEXT_MOST for one in some):
            wrong[name] = "每条要有文字，最多 100 个字"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)


class AskPlans(Protocol):
    """Every version there ever was."""

    def get(self, version: int) -> AskPlan:
        """The shipped one for 0, or a version that nobody knows."""
        ...

    def last(self) -> AskPlan: ...

    def add(self, plan: AskPlan) -> None: ...
