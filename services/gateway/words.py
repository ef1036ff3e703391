"""The words for states, steps and scores: one table each, for clients and for staff."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from services.gateway.language import N_, Speech
from shared.contracts.dispatch import ItemView

# whose turn it is
STATION, CLIENT, TARGET, SYSTEM, NOBODY, BOTH = "station", "client", "target", "system", "nobody", "both"


class Stage(NamedTuple):
    """`shape` is the badge's form: wait (ring), act (half), done (full), hold (bars), end (stroke)."""

    client: str
    staff: str
    shape: str
    turn: str


STAGES: dict[str, Stage] = {
    "received": Stage(N_("已收到，等服务站受理"), N_("待受理"), "wait", STATION),
    "accepted": Stage(N_("已受理，正在评估"), N_("待评估"), "wait", STATION),
    "asked": Stage(N_("等您补材料"), N_("已告知，等企业补"), "hold", CLIENT),
    "assessed": Stage(N_("已评估，正在安排"), N_("正在安排"), "act", SYSTEM),
    "booked": Stage(N_("已约好时间"), N_("已预约"), "act", STATION),
    "matching": Stage(N_("已评估，正在找合适的机构"), N_("待选机构"), "act", STATION),
    "unmatched": Stage(N_("还没有机构能办，我们在想办法"), N_("没有机构能接"), "hold", STATION),
    "invited": Stage(N_("已请机构，等机构答复"), N_("等机构答复"), "wait", TARGET),
    "agreeing": Stage(N_("有机构接手，正在谈约定"), N_("正在谈约定"), "act", BOTH),
    "agreed": Stage(N_("约定好了，等机构开始"), N_("等机构开始"), "wait", TARGET),
    "offered": Stage(N_("已安排，等承办方接手"), N_("等承办方接手"), "wait", TARGET),
    "serving": Stage(N_("正在办理"), N_("办理中"), "act", STATION),
    "finished": Stage(N_("办完了，正在告诉您结果"), N_("正在告知结果"), "act", SYSTEM),
    "told": Stage(N_("办完了，请您评价"), N_("等企业评价"), "done", CLIENT),
    "closed": Stage(N_("已办结，正在归档"), N_("正在归档"), "done", SYSTEM),
    "sealed": Stage(N_("已办结并归档"), N_("已归档"), "done", NOBODY),
    "answered": Stage(N_("已答复"), N_("已答复"), "done", NOBODY),
    "merged": Stage(N_("已和另一件合并办理"), N_("已合并"), "end", NOBODY),
    "refused": Stage(N_("服务站不能办理"), N_("已退回"), "end", NOBODY),
    "rejoined": Stage(N_("没有分开办"), N_("已撤销分开"), "end", NOBODY),
    "withdrawn": Stage(N_("已撤回"), N_("已撤回"), "end", NOBODY),
}
REJOINED = "rejoined"
UNDECIDED = ("received", "accepted")  # while it is open what the need is
WAITING = Stage(N_("已评估，等能办的承办方"), N_("没有可派的类别"), "hold", NOBODY)
CHOOSING = Stage(N_("请您选个时间"), N_("等企业选时间"), "wait", CLIENT)
PROPOSED = Stage(N_("有约定等您看"), N_("等企业答复约定"), "wait", CLIENT)
REARRANGED = Stage(N_("正在重新安排"), N_("待重新安排"), "act", STATION)
MATCHED = ("matching", "unmatched", "invited", "agreeing", "agreed")  # an organization is found, or agrees
ENDED = {name for name, stage in STAGES.items() if stage.turn == NOBODY}

# a stage: what it is called ahead of time, and what will happen then; in the usual order
AHEAD: tuple[tuple[str, str, str], ...] = (
    ("accepted", N_("受理"), N_("有人接手，缺什么材料一次说清。")),
    ("assessed", N_("评估"), N_("我们自己办，或找合适的机构办。")),
    ("serving", N_("服务"), N_("我们全程跟进，随时能查进度。")),
    ("finished", N_("结果"), N_("办完主动把结果告诉您。")),
    ("sealed", N_("评价和归档"), N_("请您打分，全部经过存进档案。")),
)
_NOW = {
    # stage: which of the steps above is the one now
    "received": 0, "accepted": 1, "asked": 1, "assessed": 2, "matching": 2, "unmatched": 2, "invited": 2, "agreeing": 2,
    "agreed": 2, "booked": 2, "offered": 2, "serving": 2, "finished": 3, "told": 4, "closed": 4,
}  # fmt: skip
TURNS = {
    CLIENT: N_("现在轮到您"),
    STATION: N_("现在轮到服务站"),
    TARGET: N_("现在轮到承办方"),
    SYSTEM: N_("系统正在处理"),
    NOBODY: N_("正在等承办方"),
    BOTH: N_("机构和企业在谈"),
}


class NextStep(NamedTuple):
    """What the client is told of the next step: a sentence, and what happens otherwise."""

    what: str
    otherwise: str


NEXT: dict[str, NextStep] = {
    "received": NextStep(N_("等工作人员受理，您不用做什么"), N_("受理后，这里会写明谁对您负责到底。")),
    "accepted": NextStep(N_("{owner}正在评估怎么办，您不用做什么"), N_("有不清楚的，会按您留的联系方式问您。")),
    "asked": NextStep(
        N_("请补齐材料，补齐后接着办"), N_("补齐前我们的时限暂停，补齐后接着算。一次能补多少补多少，填过的都留着。")
    ),
    "assessed": NextStep(N_("正在安排办理，您不用做什么"), N_("安排好了，这里会马上写明。")),
    "waiting": NextStep(N_("从 {since} 起，还没有承办方能办这一项"), N_("有了会马上接着办，您不用重新提交。")),
    "choosing": NextStep(N_("选一个您方便的时间"), N_("没有选时间，这件事会一直等着您；也可以打电话请服务站代您约。")),
    "booked": NextStep(N_("{time} 见"), N_("临时来不了，请提前换个时间或取消，把时间让给别人。")),
    "matching": NextStep(N_("正在找合适的机构，您不用做什么"), N_("有机构接手，这里会马上写明，再请您看约定。")),
    "unmatched": NextStep(N_("还没有机构能办这一项，我们在想办法"), N_("有合适的机构会马上接着办，您不用重新提交。")),
    "invited": NextStep(N_("等机构答复，您不用做什么"), N_("不接手的，会马上请下一家，并写在这里。")),
    "agreeing": NextStep(N_("机构正在写约定，您不用做什么"), N_("写好了会请您看，您同意了才开始。")),
    "agreed": NextStep(N_("约定好了，等机构开始，您不用做什么"), N_("机构按约定的日期办，我们全程跟进。")),
    "offered": NextStep(N_("等承办方接手，您不用做什么"), N_("没有接手的，会另外安排，并写在这里。")),
    "serving": NextStep(N_("正在办理，您不用做什么"), N_("办完会把结果写在这里，并请您评价。")),
    "finished": NextStep(N_("办完了，正在把结果交给您"), N_("通常只要几秒，请稍等。")),
    "told": NextStep(
        N_("这件事办得怎么样？"),
        N_("评价后这件事就归档。到 {until} 前没有评价也会归档，我们不会替您打分。"),
    ),
    "closed": NextStep(N_("办结了，正在归档，您不用做什么"), N_("归档后，这里会写明档案的校验码。")),
}

CLIENT_SIDE = "client"
SIDES = {"organization": N_("机构"), CLIENT_SIDE: N_("企业")}
WAYS = {"at_once": N_("现在就办"), "appointment": N_("约个时间办"), "match": N_("请机构办")}
PARTS = {
    "application": N_("预约申请"),
    "agreement": N_("合同（协议）"),
    "result": N_("报告或结果数据"),
    "staff": N_("服务人员"),
    "fees": N_("费用收取"),
    "evaluation": N_("服务评价"),
}  # of a dossier
SCORES = {
    1: N_("很不满意"),
    2: N_("不满意"),
    3: N_("一般"),
    4: N_("满意"),
    5: N_("很满意"),
}
ROLES = {
    "staff": N_("服务站工作人员"),
    "operator": N_("运营机构"),
    "regulator": N_("区级监管"),
    "admin": N_("系统管理员"),
    "organization": N_("服务机构"),
}

CLOCKS = {
    # a hand-off's clock: what is to happen before it runs out
    "accept": N_("受理"),
    "assess": N_("评估"),
    "arrange": N_("安排承办"),
    "begin": N_("赴约"),
    "answer": N_("承办方答复"),
    "agree": N_("商定条款"),
    "serve": N_("办理"),
    "tell": N_("告知结果"),
    "rate": N_("企业评价"),
    "file": N_("归档"),
    "complaint": N_("处理投诉"),
    "escalate": N_("超时后每隔多久再往上提醒"),
}
FOR_CLIENTS = frozenset(CLOCKS) - {"rate", "file", "complaint", "escalate"}


def recipients(who: Iterable[Mapping[str, str]], say: Speech) -> str:
    """Accounts by their names, roles by their words."""
    return say("、").join(one.get("name") or say(ROLES.get(one.get("role", ""), "")) for one in who)


def stage_of(item: ItemView) -> Stage:
    if choosing(item):
        return CHOOSING
    if item.stage == "assessed" and item.waiting_since:
        return WAITING
    if item.stage == "assessed" and item.way == "match":
        return REARRANGED
    if item.turn == CLIENT_SIDE:
        return PROPOSED
    return STAGES[item.stage]


def choosing(item: ItemView) -> bool:
    """Assessed to be served by appointment, it waits for a time."""
    return item.stage == "assessed" and item.way == "appointment" and not item.waiting_since


def next_of(item: ItemView) -> NextStep | None:
    """None when there is no next step: the item is over."""
    if choosing(item):
        return NEXT["choosing"]
    return NEXT.get("waiting" if item.stage == "assessed" and item.waiting_since else item.stage)


def ahead_of(stage: str) -> tuple[tuple[str, str, str], ...]:
    """The step now and those still to come; none when it is over."""
    return AHEAD[_NOW[stage] :] if stage in _NOW else ()
