"""The page where staff write down a need for a caller or visitor, and take it at once."""

import uuid
from datetime import UTC, datetime, tzinfo
from typing import Any

from starlette.responses import Response

from services.gateway import uploads
from services.gateway.accounts.domain import Session
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.item import may_handle, of_request
from services.gateway.pages.queue import desk, stations_of
from services.gateway.pages.slip import remember
from services.gateway.visit import Visit
from shared.contracts.dispatch import AcceptItem
from shared.contracts.intake import NeedSubmitted, Occasion, SubmitNeed
from shared.errors import Forbidden, Invalid

_FIELDS = ("park", "channel", "text", "company", "contact_name", "phone", "email", "credit_code")
_OCCASION = ("by", "place", "at")
MOST_COMMON = "phone"
_LOCAL = "%Y-%m-%dT%H:%M"  # what a browser's field for day and time holds


@page("/desk/new", "GET", "POST", uploads=True)
async def register(visit: Visit) -> Response:
    session = await signed_in(visit)
    stations = [s for s in await stations_of(visit, session) if may_handle(session, s.park)]
    if not stations:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    channels = [one for one in await visit.gateway.known.channels() if "staff" in one.hands]
    zone = visit.gateway.settings.timezone
    typed: dict[str, Any] = {name: visit.form[name] for name in (*_FIELDS, *_OCCASION)}
    wrong: dict[str, str] = {}
    held: list[uploads.Attached] = []
    if visit.request.method == "POST":
        held, trouble = await uploads.attached(visit, session.account.actor())
        records = next((one.records for one in channels if one.name == typed["channel"]), ())
        try:
            if trouble:
                raise Invalid("请检查填写的内容", fields={"file": trouble})
            return await _take(visit, session, typed, records, uploads.ids(held))
        except Invalid as error:
            wrong = {_on_the_page(path): visit.say(text) for path, text in error.fields.items()}
            wrong = wrong or {"text": visit.say.error(error)}
    else:
        typed |= {
            "channel": MOST_COMMON, "by": session.account.display_name, "at": datetime.now(zone).strftime(_LOCAL),
        }  # fmt: skip
    return desk(
        visit,
        session,
        "register.html",
        422 if wrong else 200,
        stations=stations,
        typed=typed,
        wrong=wrong,
        held=held,
        key=visit.form["key"] or uuid.uuid4().hex,
        channels=channels,
    )


def _on_the_page(path: str) -> str:
    return "file" if path == "files" else path.removeprefix("occasion.")


async def _take(
    visit: Visit, session: Session, typed: dict[str, Any], records: tuple[str, ...], files: tuple[str, ...]
) -> Response:
    """Write the need down, take it, and show its item; raises Invalid."""
    actor = session.account.actor()
    occasion = {"by": typed["by"], "place": typed["place"], "at": _moment(typed["at"], visit.gateway.settings.timezone)}
    kept = Occasion(**{part: value for part, value in occasion.items() if part in records})
    need = SubmitNeed(**{name: typed[name] for name in _FIELDS}, occasion=kept if records else None, files=files)
    taken: NeedSubmitted = await visit.tell(need, actor, visit.form["key"])
    item = await of_request(visit, session, taken.request_id)
    if item is None:
        return see("/desk?view=waiting")
    if "accept" in item.allowed:
        await visit.tell(AcceptItem(item_id=item.item_id), actor, f"{visit.form['key']} accept")
    response = see(f"/desk/items/{item.item_id}?said=new")
    remember(visit, response, need.text, taken)
    return response


def _moment(text: str, zone: tzinfo) -> datetime | None:
    """What the field for day and time holds; raises Invalid."""
    if not text:
        return None
    try:
        return datetime.strptime(text, _LOCAL).replace(tzinfo=zone).astimezone(UTC)
    except ValueError as error:
        raise Invalid("请检查填写的内容", fields={"at": "请写成日期和时间，例如 2026-11-24T16:30"}) from error
