"""One request, one item and one category, as the services would tell of them."""

from datetime import UTC, datetime
from typing import Any

from services.providers import plugins
from services.providers.plugin import provides
from shared.contracts.archive import Entry, GetTimeline, Timeline
from shared.contracts.dispatch import (
    Advice,
    AssessmentList,
    FollowingView,
    GetAdvice,
    GetFollowing,
    GetItem,
    Guess,
    Guesses,
    ItemView,
    ListAssessments,
    ListTargets,
    SuggestCategory,
    TargetList,
    TargetView,
)
from shared.contracts.feedback import Inbox, ListNotices
from shared.contracts.intake import (
    ChannelList,
    ChannelView,
    ContactView,
    FileList,
    GetContact,
    GetOwnRequest,
    GetRequest,
    ListFiles,
    NeedSubmitted,
    RequestView,
)
from shared.contracts.station import StationView
from shared.errors import NotFound

provides.discover(plugins)
METROLOGY = next(one for one in provides if one.clause == "5.3")
VERIFY = METROLOGY.items["b"]
CODE = "5.3.b"

AT = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)
REST = "番禺区质量基础设施“一站式”服务站"
TIANAN, JUDA = (
    StationView(
        park=park, park_name=name, short=short, official_name=name + REST, name_lines=(name, REST), district="番禺区",
        authority="广州市番禺区市场监督管理局", industries=("电子信息",),
    )
    for park, name, short in (("tianan", "天安节能科技园", "天安"), ("juda", "巨大创意产业园", "巨大"))
)  # fmt: skip
CHANNELS = ChannelList(
    channels=(
        ChannelView(name="web", title="网页", title_en="Web", hands=("client",)),
        ChannelView(name="phone", title="电话", title_en="Telephone", hands=("staff",), records=("by", "at")),
        ChannelView(
            name="visit",
            title="走访",
            title_en="Visit",
            hands=("staff",),
            records=("by", "place", "at"),
            asks=("place",),
        ),
    )
)
TAKEN = NeedSubmitted(request_id="r1", number="天安2026-0001", code="123456", park="tianan", received_at=AT)
REQUEST = RequestView(
    request_id="r1", number="天安2026-0001", park="tianan", company="示例企业", text="压力表要检定", channel="web",
    received_at=AT,
)  # fmt: skip
ITEM = ItemView(
    item_id="i1", request_id="r1", park="tianan", number="天安2026-0001", company="示例企业", text="压力表要检定",
    channel="web", stage="received", version=1, opened_at=AT, changed_at=AT, allowed=("accept", "withdraw"),
)  # fmt: skip
TARGET = TargetView(
    target=METROLOGY.code, kind="category", title=METROLOGY.title, clause="5.3", live=True, seen_at=AT,
    manifest=METROLOGY.manifest(),
)  # fmt: skip
SUBMITTED = Entry(
    sequence=1, event_id="e1", type="request_received", source="intake", occurred_at=AT, actor_id="public",
    actor_role="public", actor_name="", item_id="", data={"channel": "web"},
)  # fmt: skip
ANSWERS: dict[type, Any] = {
    ListTargets: TargetList(targets=(TARGET,)),
    SuggestCategory: Guesses(
        guesses=(Guess(category=METROLOGY.code, item=CODE, title=VERIFY.title, words=("压力表",)),)
    ),
    GetAdvice: Advice(guesses=(Guess(category=METROLOGY.code, item=CODE, title=VERIFY.title, words=("压力表",)),)),
    GetOwnRequest: lambda query: REQUEST if query.code == "123456" else NotFound("编号和查询码对不上"),
    GetRequest: REQUEST,
    ListFiles: FileList(files=()),
    GetItem: ITEM,
    GetFollowing: FollowingView(item_id="i1"),
    ListAssessments: AssessmentList(assessments=()),
    GetContact: ContactView(name="王工", phone="13900000000", email=""),
    GetTimeline: Timeline(request_id="r1", park="tianan", entries=(SUBMITTED,)),
    ListNotices: Inbox(notices=(), surveys=()),
}


def item(stage: str, *allowed: str, **more: Any) -> ItemView:
    """The item in another stage."""
    return ItemView(**{**vars(ITEM), "stage": stage, "allowed": allowed, **more})
