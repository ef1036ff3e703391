"""The words of complaints: stages, steps, what they are about, what came of them."""

from collections.abc import Iterable

from services.gateway.contacting import Options, named
from services.gateway.language import N_, Speech
from services.gateway.story import Told
from services.gateway.when import Clock
from services.gateway.words import CLIENT, NOBODY, STATION, NextStep, Stage
from shared.contracts.feedback import ComplaintStep, ComplaintView

PREFIX = "投诉"  # what the numbers of complaints begin with

STAGES: dict[str, Stage] = {
    "received": Stage(N_("已收到，等服务站接手"), N_("待接手"), "wait", STATION),
    "acknowledged": Stage(N_("有人接手了，正在看怎么查"), N_("待评估"), "wait", STATION),
    "investigating": Stage(N_("正在调查"), N_("调查中"), "act", STATION),
    "decided": Stage(N_("有处理决定了，正在告知您"), N_("待告知"), "act", STATION),
    "told": Stage(N_("有处理决定了，请您看"), N_("已告知"), "done", CLIENT),
    "appealed": Stage(N_("已收到复核申请，等别人接手"), N_("待复核"), "wait", STATION),
    "disputed": Stage(N_("正由外部机构解决"), N_("外部解决中"), "hold", STATION),
    "closed": Stage(N_("已结束"), N_("已结束"), "done", NOBODY),
    "withdrawn": Stage(N_("已撤回"), N_("已撤回"), "end", NOBODY),
}
NEXT: dict[str, NextStep] = {
    "received": NextStep(N_("等服务站接手，您不用做什么"), N_("接手的人不会是您投诉的人。")),
    "acknowledged": NextStep(
        N_("{handler}正在看怎么查，您不用做什么"), N_("要延长的，会在时限之前写在这里并说明原因。")
    ),
    "investigating": NextStep(N_("{handler}正在调查，您不用做什么"), N_("要延长的，会在时限之前写在这里并说明原因。")),
    "decided": NextStep(N_("{handler}正在告知您处理决定"), N_("告知以后，处理决定写在这里。")),
    "told": NextStep(N_("看看处理决定，满意就结束"), N_("到 {until} 前没有回应，这件投诉就结束。")),
    "appealed": NextStep(N_("等另一个人接手复核，您不用做什么"), N_("复核的人不会是先前处理的人。")),
    "disputed": NextStep(N_("正由“{provider}”解决，您不用在这里做什么"), N_("有了结果会写在这里。")),
}
STAFF_NEXT: dict[str, str] = {
    "received": N_("接手，并告诉投诉人有人在办"),
    "acknowledged": N_("评估：有多严重、要不要马上处置"),
    "investigating": N_("查清楚，写下处理决定"),
    "decided": N_("把处理决定告诉投诉人，记下怎么告知的"),
    "told": N_("等投诉人回应"),
    "appealed": N_("由没有处理过的人接手复核"),
    "disputed": N_("记下外部机构的结果，落实以后结束"),
}

CHANNELS: Options = {
    "web": ("网站", "Web"),
    "im": ("即时通讯", "Instant message"),
    "phone": ("电话", "Telephone"),
    "window": ("窗口", "Window"),
    "letter": ("信件", "Letter"),
}
ABOUT: Options = {
    "result": ("办的结果", "The result"),
    "attitude": ("服务态度", "How I was treated"),
    "time": ("办得慢", "How long it takes"),
    "fee": ("收费", "Fees"),
    "fairness": ("不公正", "Unfairness"),
    "privacy": ("泄露信息", "What was passed on"),
    "other": ("其他", "Something else"),
}
SEVERITIES: Options = {"low": ("轻微", "Minor"), "medium": ("一般", "Medium"), "high": ("严重", "Severe")}
COMPLEXITIES: Options = {"simple": ("简单", "Simple"), "complex": ("复杂", "Complex")}
IMPACTS: Options = {
    "one": ("只影响一家", "One client"),
    "several": ("影响几家", "Several"),
    "wide": ("影响很广", "Many"),
}
OUTCOMES: Options = {
    "confirmed": ("投诉属实", "The complaint was right"),
    "partly": ("部分属实", "The complaint was partly right"),
    "unfounded": ("没有查到问题", "Nothing wrong was found"),
}
RESPONSES: Options = {
    "apology": ("道歉", "Apology"),
    "redo": ("重新办", "Done over"),
    "refund": ("退费", "Refund"),
    "compensation": ("赔偿", "Compensation"),
    "help": ("帮忙解决", "Help"),
    "explanation": ("说明", "Explanation"),
}
METHODS: Options = {
    "mediation": ("调解", "Mediation"),
    "advice": ("评议，给出建议", "Advice"),
    "ruling": ("裁决", "Ruling"),
}
CORRECTIONS = {"open": N_("还没做完"), "done": N_("做完了，等查效果"), "checked": N_("查过，有效果")}

# a step: told to the complainant, and to staff
_STEPS: dict[str, tuple[str, str]] = {
    "received": (N_("您投诉了"), N_("收到投诉")),
    "acknowledge": (N_("{by}接手"), N_("{by}接手")),
    "take_over": (N_("改由{by}处理"), N_("{by}接手过来")),
    "review": (N_("{by}接手复核"), N_("{by}接手复核")),
    "assess": ("", N_("{by}评估")),
    "find": ("", N_("{by}记下查到的")),
    "extend": (N_("延长 {day} 个工作日"), N_("{by}延长 {day} 个工作日")),
    "decide": (N_("有处理决定"), N_("{by}作出处理决定")),
    "tell": (N_("处理决定告诉了您（{how}）"), N_("{by}告知处理决定（{how}）")),
    "accept": (N_("同意处理决定，结束"), N_("投诉人同意，结束")),
    "lapse": (N_("没有再申请复核，结束"), N_("没有再申请复核，结束")),
    "appeal": (N_("申请复核"), N_("申请复核")),
    "withdraw": (N_("撤回投诉"), N_("撤回投诉")),
    "dispute": (N_("提交外部机构（{on}）"), N_("提交外部机构（{on}）")),
    "conclude": (N_("外部机构有结果了（{on}）"), N_("外部机构有结果了（{on}）")),
    "carry_out": (N_("结果已经落实（{on}）"), N_("结果已经落实（{on}）")),
    "correct": ("", N_("{by}要求整改，{on} 前做完")),
    "corrected": ("", N_("{by}做完整改")),
    "effective": ("", N_("{by}查过：整改有效果")),
    "ineffective": ("", N_("{by}查过：整改没有效果，要再做")),
}


def story(steps: Iterable[ComplaintStep], say: Speech, clock: Clock, to_client: bool) -> list[Told]:
    """Oldest first, as the reader is to read them."""
    found = []
    for step in steps:
        text = _STEPS[step.kind][not to_client]
        if text:
            how = named(CHANNELS, step.day, say) if step.kind == "tell" else ""
            day = clock.iso(step.day) if step.day.count("-") == 2 else ""
            what = say(text, by=step.by or say("服务站"), day=step.day, how=how, on=day)
            found.append(Told(what, step.at, step.text, step.kind in ("find", "extend"), False))
    return found


def next_of(one: ComplaintView, say: Speech, clock: Clock) -> NextStep | None:
    """What its complainant is told of the next step; None when there is none."""
    if one.stage not in NEXT:
        return None
    told = {
        "handler": one.handler_name or say("工作人员"), "until": clock(one.appeal_until) if one.appeal_until else "",
        "provider": one.dispute.provider if one.dispute else "",
    }  # fmt: skip
    return NextStep(*(say(text, **told) for text in NEXT[one.stage]))
