"""What outsiders type in: the input of the API's operations. What comes back are the contracts' own answers."""

from datetime import UTC
from typing import Any, ClassVar

from marshmallow import RAISE, Schema, fields, validate

from services.gateway.language import N_
from shared.forms import REQUIRED, TOO_LONG, UNKNOWN, WRONG_TYPE
from shared.wire import Text

TEXT_LIMIT = 5000
LINE_LIMIT = 200

_MESSAGES: dict[str, Any] = {"required": REQUIRED, "null": REQUIRED, "invalid": WRONG_TYPE, "type": WRONG_TYPE}
_SCORE = N_("请从 1（很不满意）到 5（很满意）里选一个")
_FILES = N_("文件太多了，一次最多 20 个")
_PAGE = N_("一次最多取 200 条")
_DAYS = N_("一次看 1 到 31 天")
_MOMENT = N_("时间要写成 2026-11-26T09:30:00+08:00 这样")
_NEEDS = "Each is a kind (post, room, instrument), for any of it, or the code of one."


class Input(Schema):
    """Refuses what it does not know, in plain words."""

    class Meta:
        unknown = RAISE

    error_messages: ClassVar[dict[str, str]] = {"unknown": UNKNOWN, "type": WRONG_TYPE}  # type: ignore[misc]


class Trimmed(Text):
    """Text without the space around it."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        return super()._deserialize(value, attr, data, **kwargs).strip()


def _text(description: str, *, most: int = LINE_LIMIT, required: bool = True) -> fields.Field[Any]:
    checks = [validate.Length(max=most, error=TOO_LONG)]
    if required:
        checks.append(validate.Length(min=1, error=REQUIRED))
    given: dict[str, Any] = {"required": True} if required else {"load_default": ""}
    return Trimmed(validate=checks, error_messages=_MESSAGES, metadata={"description": description}, **given)


def _values(description: str) -> fields.Field[Any]:
    return fields.Dict(
        keys=Text(),
        load_default=dict,
        error_messages=_MESSAGES,
        metadata={"description": description},
    )


class _Texts(fields.List):
    def _deserialize(self, *args: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(*args, **kwargs))


def _texts(description: str, *, most: int, required: bool = False) -> fields.Field[Any]:
    """Several texts, each of at most `most` characters."""
    one = Trimmed(validate=validate.Length(max=most, error=TOO_LONG), error_messages=_MESSAGES)
    given: dict[str, Any] = {"required": True} if required else {"load_default": ()}
    return _Texts(one, error_messages=_MESSAGES, metadata={"description": description}, **given)


def _count(description: str, *, default: int) -> fields.Field[Any]:
    metadata = {"description": description}
    return fields.Int(load_default=default, strict=True, error_messages=_MESSAGES, metadata=metadata)


def _files(description: str, *, required: bool = False) -> fields.Field[Any]:
    given: dict[str, Any] = {"required": True} if required else {"load_default": list}
    return fields.List(
        Text(validate=validate.Length(max=60, error=TOO_LONG)),
        validate=validate.Length(max=20, error=_FILES),
        error_messages=_MESSAGES,
        metadata={"description": description},
        **given,
    )


class Empty(Input):
    """Nothing."""


class TextIn(Input):
    text = _text("What is needed, in the client's own words.", most=TEXT_LIMIT)
    park = _text("The park's code: what staff of its district corrected counts then.", required=False, most=60)


class OccasionIn(Input):
    by = _text("Who of the station took the need down; whoever writes it, if empty.", required=False)
    place = _text("Where it was stated.", required=False)
    at = fields.AwareDateTime(
        format="iso",
        default_timezone=UTC,
        load_default=None,
        allow_none=True,
        error_messages=_MESSAGES,
        metadata={"description": "When it was stated; now, if empty."},
    )


class NeedIn(Input):
    park = _text("The park's code, as in /stations.", most=60)
    text = _text("What is needed, in the client's own words.", most=TEXT_LIMIT)
    company = _text("The company's name.")
    contact_name = _text("Who to ask for.", required=False)
    phone = _text("A telephone number.", required=False)
    email = _text("An e-mail address.", required=False)
    category = _text("A category's code, if the client chose one.", required=False, most=60)
    item = _text("An item's code such as 5.3.b.", required=False, most=20)
    details = _values("What the item's form asks for, by field name.")
    channel = Trimmed(
        load_default="web",
        error_messages=_MESSAGES,
        metadata={
            "description": "How the need came, as in /channels: web; for staff also phone, visit, window, letter."
        },
    )
    occasion = fields.Nested(
        OccasionIn,
        load_default=None,
        allow_none=True,
        metadata={"description": "Who took the need down, where and when; for channels that record it."},
    )
    reference = _text("The sender's own name for the need.", required=False, most=500)
    credit_code = _text("The enterprise's unified social credit code; never needed.", required=False, most=40)
    files = _files("Keys of files sent before to /files.")


class FilesIn(Input):
    files = _files("Keys of files sent before to /files.", required=True)


class SignIn(Input):
    account = _text("The account's name.", most=100)
    password = Text(
        required=True,
        error_messages=_MESSAGES,
        validate=validate.Length(1, LINE_LIMIT, error=WRONG_TYPE),
    )


class AssessIn(Input):
    category = _text("The category's code.", most=60)
    item = _text("The item's code such as 5.3.b.", most=20)
    details = _values("What the item's form asks for, by field name.")
    note = _text("A note for colleagues and the client.", required=False, most=2000)
    way = Trimmed(
        load_default="",
        validate=validate.Length(max=20, error=TOO_LONG),
        error_messages=_MESSAGES,
        metadata={
            "description": "at_once; appointment: the client chooses a time; match: an organization is to be found. "
            "As the category says, else at once, if left out."
        },
    )
    priority = Trimmed(
        load_default="normal",
        validate=validate.Length(max=20, error=TOO_LONG),
        error_messages=_MESSAGES,
        metadata={"description": "normal or urgent."},
    )
    reason = _text("Why it is served so; colleagues read it.", required=False, most=2000)
    needs = _texts("By appointment, what must be free at once; any member of staff if left out. " + _NEEDS, most=30)
    minutes = _count("By appointment, for how long; 0: as long as the resources say.", default=0)


class AnswerIn(Input):
    answer = _text("What the client is told.", most=TEXT_LIMIT)


class MergeIn(Input):
    into = _text("The number of the request that stays.", most=60)


class RefuseIn(Input):
    reason = _text("Why the station cannot do it.", most=2000)


class WithdrawIn(Input):
    reason = _text("Why it is no longer needed.", required=False, most=2000)


_DAY = "From this day on (2026-11-30); today if left out."


def _moment(description: str) -> fields.Field[Any]:
    return fields.AwareDateTime(
        format="iso",
        required=True,
        error_messages={**_MESSAGES, "invalid": _MOMENT, "format": _MOMENT, "invalid_awareness": _MOMENT},
        metadata={"description": description},
    )


class StartIn(Input):
    starts_at = _moment("One of the free times, with its offset: 2026-11-26T09:30:00+08:00.")


class OwnStartIn(StartIn):
    item_id = _text("Which item, if the request has several by appointment.", required=False, most=60)


class MoveIn(StartIn):
    reason = _text("Why.", required=False, most=2000)


class OwnMoveIn(MoveIn):
    item_id = _text("Which item, if the request has several by appointment.", required=False, most=60)


class OwnCancelIn(Input):
    reason = _text("Why.", required=False, most=2000)
    item_id = _text("Which item, if the request has several by appointment.", required=False, most=60)


class MissIn(Input):
    note = _text("What is known of it.", required=False, most=2000)


class TimesQuery(Input):
    day = _text(_DAY, required=False, most=10)
    days = fields.Int(
        load_default=14,
        validate=validate.Range(1, 31, error=_DAYS),
        error_messages=_MESSAGES,
        metadata={"description": "How many days."},
    )


class OwnTimesQuery(TimesQuery):
    item_id = _text("Which item, if the request has several by appointment.", required=False, most=60)


class OwnItemQuery(Input):
    item_id = _text("Only of this item.", required=False, most=60)


class WeekQuery(Input):
    day = _text("Any day of the week wanted (2026-11-30); today if left out.", required=False, most=10)


class ResourceIn(Input):
    code = _text("What it is called in `needs`: small letters, digits, hyphens.", most=30)
    kind = _text("post (a member of staff), room or instrument.", most=20)
    name = _text("What people call it.", most=60)
    week = _texts(
        "When it is open, Monday first: 09:00-12:00 14:00-17:00; empty if not.", most=LINE_LIMIT, required=True
    )
    capacity = _count("How many appointments it takes at once.", default=1)
    minutes = _count("How long one appointment is.", default=30)
    closed = _texts("Days on which it is not there: 2026-11-30.", most=10)
    active = fields.Bool(
        load_default=True,
        truthy={True},
        falsy={False},
        error_messages=_MESSAGES,
        metadata={"description": "Whether it can be booked."},
    )


class ResultIn(Input):
    result = fields.Dict(
        keys=Text(),
        required=True,
        error_messages=_MESSAGES,
        metadata={"description": "What the item's result description asks for, by field name."},
    )


class ScoreIn(Input):
    score = fields.Int(
        required=True, strict=True, validate=validate.Range(1, 5, error=_SCORE), error_messages=_MESSAGES
    )
    comment = _text("Anything to add.", required=False, most=2000)
    answers = _values("From 1 to 5, by the keys of the survey's questions.")
    reasons = _texts("Keys of the survey's reasons.", most=31)


class _Page(Input):
    park = _text("Only this park.", required=False, most=60)
    after = _text("What `next` of the last page said.", required=False, most=LINE_LIMIT)
    limit = fields.Int(load_default=50, validate=validate.Range(1, 200, error=_PAGE), error_messages=_MESSAGES)


class ItemQuery(_Page):
    stage = _text("Only this stage.", required=False, most=20)
    search = _text("Number, company or words of the need.", required=False)
    open = fields.Bool(load_default=False, error_messages=_MESSAGES)
    owner_id = _text("Only items this account is responsible for.", required=False, most=60)


class DossierQuery(_Page):
    request_id = _text("Only of this request.", required=False, most=60)


class ParkQuery(Input):
    park = _text("The park's code, as in /stations.", most=60)


class VisitQuery(Input):
    wrong = fields.Bool(load_default=False, error_messages=_MESSAGES)
    after = fields.Int(load_default=0, validate=validate.Range(0, 1_048_576, error=_PAGE), error_messages=_MESSAGES)
    limit = fields.Int(load_default=100, validate=validate.Range(1, 200, error=_PAGE), error_messages=_MESSAGES)


class EventQuery(Input):
    number = _text("Only of this request; needed by clients.", required=False, most=60)
