"""The words of the contact log: whom the station spoke to, what that person is, and how; zh_CN and English."""

from services.gateway.language import Speech

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


def named(options: Options, value: object, say: Speech) -> str:
    label, english = options.get(str(value), ("", ""))
    return say.own({"label": label, "en": english}, "label")
