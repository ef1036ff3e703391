"""Pages of duty: who hears of what is late at a station, and who is away."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from starlette.responses import Response

from services.gateway import words
from services.gateway.accounts.domain import Account, Session
from services.gateway.language import N_
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.hours import DISTRICT, park_of
from services.gateway.pages.queue import desk
from services.gateway.visit import Visit
from shared.access import EVERYWHERE, Role
from shared.contracts.station import (
    AbsenceList,
    ChainView,
    EndAbsence,
    GetChain,
    ListAbsences,
    NoteAbsence,
    Recipient,
    SetChain,
)
from shared.errors import IllegalMove, Invalid

STEPS = 5  # places for a chain on the page
ROLES = (Role.STAFF, Role.OPERATOR, Role.REGULATOR)
SAID = {
    "chain": N_("提醒谁，改好了。"),
    "away": N_("记下了，这段时间超时提醒会跳过。"),
    "back": N_("已记下回来了。"),
}


@page("/desk/duty/{place}", "GET", "POST")
async def duty(visit: Visit, place: str) -> Response:
    """The chain of a station, or of the district; at a station also who is away."""
    session = await signed_in(visit)
    park, actor, form = park_of(session, place), session.account.actor(), visit.form
    view: ChainView = await visit.ask(GetChain(park=park), actor)
    chosen = [_value(step) for step in view.steps]
    people = await colleagues(visit, park)
    wrong: dict[str, str] = {}
    note = ""
    if visit.request.method == "POST":
        chosen = [form[f"steps.{n}"] for n in range(STEPS)]
        steps = tuple(_step(value, people) for value in chosen if value)
        try:
            await visit.tell(SetChain(park=park, steps=steps, version=_version(form["version"])), actor, form["key"])
            return see(f"/desk/duty/{place}?said=chain")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
        except IllegalMove as error:
            note = visit.say.error(error)
    return await _shown(visit, session, place, view, chosen, people, wrong, note)


async def _shown(
    visit: Visit,
    session: Session,
    place: str,
    view: ChainView,
    chosen: Sequence[str],
    people: Sequence[Account],
    wrong: dict[str, str],
    note: str,
) -> Response:
    park = "" if place == DISTRICT else place
    actor = session.account.actor()
    away: AbsenceList = await visit.ask(ListAbsences(park=park), actor) if park else AbsenceList(absences=())
    name = (await visit.gateway.known.station(park)).park_name if park else visit.say("全区")
    return desk(
        visit, session, "duty.html", 422 if wrong or note else 200, place=place, park=park, name=name, view=view,
        chosen=[*chosen, *[""] * (STEPS - len(chosen))], people=people, roles=ROLES, wrong=wrong, note=note,
        absences=away.absences, district=words.recipients([vars(one) for one in view.district_steps], visit.say),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
        typed={name: visit.form[name] for name in ("account", "since", "until", "reason")},
    )  # fmt: skip


@page("/desk/duty/{place}/away", "POST")
async def away(visit: Visit, place: str) -> Response:
    session = await signed_in(visit)
    park, form = park_of(session, place), visit.form
    people = await colleagues(visit, park)
    named = next((one.display_name for one in people if one.id == form["account"]), "")
    try:
        await note(visit, session, form["account"] if named else "", named, (park,))
        return see(f"/desk/duty/{place}?said=away")
    except Invalid as error:
        wrong = {path: visit.say(text) for path, text in error.fields.items() if path != "name"}
    view: ChainView = await visit.ask(GetChain(park=park), session.account.actor())
    return await _shown(visit, session, place, view, [_value(step) for step in view.steps], people, wrong, "")


@page("/desk/absences/{absence_id}/end", "POST")
async def back(visit: Visit, absence_id: str) -> Response:
    session = await signed_in(visit)
    await visit.tell(EndAbsence(absence_id=absence_id), session.account.actor(), visit.form["key"])
    place = visit.form["place"]
    return see(f"/desk/duty/{place}?said=back" if place.isalnum() else "/desk/me?said=back")


async def note(visit: Visit, session: Session, account: str, name: str, parks: tuple[str, ...]) -> None:
    """From the beginning of the first day to the end of the last; raises Invalid by field."""
    zone = visit.gateway.settings.timezone
    wrong = {}
    days = {}
    for field in ("since", "until"):
        try:
            days[field] = date.fromisoformat(visit.form[field])
        except ValueError:
            wrong[field] = "这里要填日期，例如 2027-01-04"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    command = NoteAbsence(
        account=account, name=name, parks=parks, since=_midnight(days["since"], zone),
        until=_midnight(days["until"] + timedelta(days=1), zone), reason=visit.form["reason"],
    )  # fmt: skip
    await visit.tell(command, session.account.actor(), visit.form["key"])


async def colleagues(visit: Visit, park: str) -> list[Account]:
    """Who works at this park and may hear of what is late; for the district, who works at every park."""
    accounts = await visit.gateway.people.accounts()
    return [
        one
        for one in accounts
        if one.disabled_at is None and one.role in (*ROLES, Role.ADMIN) and {park, EVERYWHERE} & set(one.parks)
    ]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _value(step: Recipient) -> str:
    return f"account:{step.account}" if step.account else f"role:{step.role}"


def _step(value: str, people: Sequence[Account]) -> Recipient:
    """Nobody for an account that does not work here, which the service refuses by field."""
    kind, _, name = value.partition(":")
    if kind == "role":
        return Recipient(role=name)
    found = next((one for one in people if one.id == name), None)
    return Recipient(account=found.id, name=found.display_name) if found else Recipient()


def _version(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
