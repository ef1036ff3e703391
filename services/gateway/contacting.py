"""The words of following a service: whom the station spoke to, what that person is, how; which tasks there are."""

from services.gateway.language import N_, Speech

Options = dict[str, tuple[str, str]]

PARTIES: Options = {"client": ("企业", "Client"), "organization": ("承办方", "Whoever serves it")}
ROLES: Options = {
    "handler": ("经办人", "Person in charge"),
    "head": ("负责人", "Head"),
    "expert": ("技术人员", "Technical staff"),
    "other": ("其他人", "Someone else"),
}
HOWS: Options = {
    "phone": ("电话", "Telephone"),
    "visit": ("上门", "Visit"),
    "message": ("消息", "Message"),
    "mail": ("邮件", "Mail"),
}

TASKS = {
    "first": N_("第一次跟进"),
    "regular": N_("例行跟进"),
    "ending": N_("到期前跟进"),
    "agreed": N_("约好的联系"),
}

OUTCOMES: Options = {
    "good": ("符合要求", "As it should be"),
    "minor": ("有不足", "Not quite"),
    "serious": ("不合要求", "Not as it should be"),
}


def named(options: Options, value: object, say: Speech) -> str:
    label, english = options.get(str(value), ("", ""))
    return say.own({"label": label, "en": english}, "label")
