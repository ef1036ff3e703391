"""Pages of the register of organizations: the list, one of them, its entry to be changed, a workbook to import."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.responses import Response

from services.gateway.accounts.domain import Session
from services.gateway.language import N_
from services.gateway.pages.frame import page, see, signed_in
from services.gateway.pages.queue import desk
from services.gateway.register_sheet import Mistake, read, workbook
from services.gateway.visit import Visit
from shared import access
from shared.access import EVERYWHERE, Actor
from shared.contracts.base import Command
from shared.contracts.providers import (
    ExcludeOrganization,
    GetOrganization,
    GivenOrganization,
    ImportOrganizations,
    ListOrganizations,
    OrganizationList,
    OrganizationsImported,
    OrganizationView,
    PutOrganization,
    Qualification,
    ResumeOrganization,
    SuspendOrganization,
)
from shared.contracts.station import StationView
from shared.errors import Forbidden, IllegalMove, Invalid, Unavailable
from shared.wire import dump, load

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BLANK = GivenOrganization(code="", name="", items=(), parks=(), capacity=5, joined_on="")
PAPER = ("scope", "number", "issuer", "expires_on")
LINES = ("code", "name", "joined_on", "distance", "price", "contact_name", "phone", "email")
KEPT_SECONDS = 3600  # between the preview and the import
SAID = {
    "new": N_("已登记。"),
    "changed": N_("已更新，选机构时马上按新的算。"),
    "suspend": N_("已暂停，不再请它办新的事项；请了还没答复的已收回。"),
    "resume": N_("已恢复。"),
    "exclude": N_("已记下，选机构时不再推荐。"),
    "lift": N_("已恢复推荐。"),
    "imported": N_("已导入。"),
}


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What became of a workbook: mistakes by cell, or what was imported (or would be)."""

    organizations: tuple[GivenOrganization, ...]
    mistakes: tuple[Mistake, ...]
    imported: OrganizationsImported | None


async def bring(visit: Visit, actor: Actor, content: bytes, *, preview: bool, key: str = "") -> Brought:
    """Read a workbook and hand it on; raises Invalid where it is none of ours."""
    found = read(content, await visit.gateway.known.stations())
    if found.mistakes:
        return Brought(organizations=found.organizations, mistakes=found.mistakes, imported=None)
    try:
        command = ImportOrganizations(organizations=found.organizations, preview=preview)
        imported = await visit.tell(command, actor, key)
    except Invalid as error:
        if not error.fields:
            raise
        return Brought(organizations=found.organizations, mistakes=found.located(error.fields), imported=None)
    return Brought(organizations=found.organizations, mistakes=(), imported=imported)


async def made_workbook(visit: Visit, actor: Actor, *, filled: bool) -> Response:
    """The register, or an empty template; the headings are what the import reads."""
    listed: OrganizationList = await visit.ask(ListOrganizations(), actor)
    entries = [one.organization for one in listed.organizations] if filled else []
    content = workbook(entries, await visit.gateway.known.stations(), await _titles(visit))
    name = "organizations" if filled else "template"
    return Response(content, media_type=TYPE, headers={"content-disposition": f'attachment; filename="{name}.xlsx"'})


async def _titles(visit: Visit) -> list[tuple[str, str]]:
    """Every item that can be served: its code and its title."""
    try:
        categories = await visit.gateway.known.categories()
    except Unavailable:
        return []
    return [(code, visit.say.own(entry, "title")) for one in categories for code, entry in one["items"].items()]


@page("/desk/organizations")
async def listed(visit: Visit) -> Response:
    session = await signed_in(visit)
    query = {name: visit.request.query_params.get(name, "").strip()[:60] for name in ("park", "status", "search")}
    found: OrganizationList = await visit.ask(ListOrganizations(**query), session.account.actor())
    return desk(
        visit, session, "organizations.html", organizations=found.organizations, query=query,
        stations=await _stations(visit), manages=manages(session), today=_today(visit),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip


@page("/desk/organizations/template.xlsx")
async def template(visit: Visit) -> Response:
    return await made_workbook(visit, (await signed_in(visit)).account.actor(), filled=False)


@page("/desk/organizations/register.xlsx")
async def exported(visit: Visit) -> Response:
    return await made_workbook(visit, (await signed_in(visit)).account.actor(), filled=True)


@page("/desk/organizations/new", "GET", "POST")
async def new(visit: Visit) -> Response:
    session = await _manager(visit)
    return await _entry(visit, session, "", BLANK)


@page("/desk/organizations/import", "GET", "POST", uploads=True)
async def imported(visit: Visit) -> Response:
    """First the file, and what it would change; then, the same entries again, it is done."""
    session = await _manager(visit)
    actor = session.account.actor()
    brought, wrong, kept = None, "", ""
    if visit.form["kept"]:
        entries = visit.gateway.seals.open(f"register {actor.id}", visit.form["kept"])
        if entries is None:
            wrong = visit.say("放得太久了，请把文件再传一次")
        else:
            command = ImportOrganizations(organizations=tuple(load(GivenOrganization, entry) for entry in entries))
            await visit.tell(command, actor, visit.form["key"])
            return see("/desk/organizations?said=imported")
    elif visit.request.method == "POST":
        try:
            content = await visit.form.files[0].read() if visit.form.files else b""
            brought = await bring(visit, actor, content, preview=True)
            if brought.imported:
                entries = [dump(one) for one in brought.organizations]
                kept = visit.gateway.seals.seal(f"register {actor.id}", entries, KEPT_SECONDS)
        except Invalid as error:
            wrong = visit.say.error(error)
    return desk(
        visit, session, "organizations_import.html", 422 if wrong or (brought and brought.mistakes) else 200,
        brought=brought, wrong=wrong, kept=kept,
        names={one.code: one.name for one in brought.organizations} if brought else {},
    )  # fmt: skip


@page("/desk/organizations/{code}")
async def show(visit: Visit, code: str) -> Response:
    session = await signed_in(visit)
    one: OrganizationView = await visit.ask(GetOrganization(code=code), session.account.actor())
    return desk(
        visit, session, "organization.html", one=one, entry=one.organization, manages=manages(session),
        titles=dict(await _titles(visit)), parks=await _park_names(visit), today=_today(visit),
        said=SAID.get(visit.request.query_params.get("said", ""), ""),
    )  # fmt: skip


@page("/desk/organizations/{code}/edit", "GET", "POST")
async def edit(visit: Visit, code: str) -> Response:
    session = await _manager(visit)
    one: OrganizationView = await visit.ask(GetOrganization(code=code), session.account.actor())
    return await _entry(visit, session, code, one.organization)


@page("/desk/organizations/{code}/{step}", "GET", "POST")
async def change(visit: Visit, code: str, step: str) -> Response:
    """Suspend, resume, exclude or let in again: a page that states the effect and asks for the reason."""
    session = await _manager(visit)
    actor = session.account.actor()
    one: OrganizationView = await visit.ask(GetOrganization(code=code), actor)
    commands: Mapping[str, Command] = {
        "suspend": SuspendOrganization(code=code, reason=visit.form["reason"]),
        "resume": ResumeOrganization(code=code),
        "exclude": ExcludeOrganization(code=code, reason=visit.form["reason"] or " "),
        "lift": ExcludeOrganization(code=code),
    }
    if step not in commands:
        raise Forbidden("没有这一步")
    wrong: Mapping[str, str] = {}
    if visit.request.method == "POST":
        try:
            await visit.tell(commands[step], actor, visit.form["key"])
            return see(f"/desk/organizations/{code}?said={step}")
        except IllegalMove:
            return see(f"/desk/organizations/{code}")
        except Invalid as error:
            wrong = {path: visit.say(text) for path, text in error.fields.items()}
    return desk(
        visit, session, "organization_step.html", 422 if wrong else 200, one=one, step=step, wrong=wrong,
        reason=visit.form["reason"],
    )  # fmt: skip


async def _entry(visit: Visit, session: Session, code: str, entry: GivenOrganization) -> Response:
    """The entry as a form; a line more for qualifications without anything being kept."""
    wrong: dict[str, str] = {}
    if visit.request.method == "POST":
        entry, wrong = _typed(visit, code or visit.form["code"])
        if not visit.form["row"] and not wrong:
            try:
                command = PutOrganization(organization=entry, fresh=not code)
                await visit.tell(command, session.account.actor(), visit.form["key"])
                return see(f"/desk/organizations/{entry.code}?said={'changed' if code else 'new'}")
            except Invalid as error:
                wrong = {_control(path): visit.say(text) for path, text in error.fields.items()}
    papers = [dump(one) for one in entry.qualifications]
    if visit.form["row"] or not papers:
        papers.append(dict.fromkeys((*PAPER, "items"), ""))
    return desk(
        visit, session, "organization_edit.html", 422 if wrong and not visit.form["row"] else 200, code=code,
        entry=entry, papers=papers, wrong={} if visit.form["row"] else wrong, stations=await _stations(visit),
        categories=await _categories(visit), key=visit.form["key"] or uuid.uuid4().hex,
        labels={},
    )  # fmt: skip


def _typed(visit: Visit, code: str) -> tuple[GivenOrganization, dict[str, str]]:
    """What the form holds; what cannot be read is wrong already."""
    form, wrong = visit.form, {}
    capacity = form["capacity"]
    if not capacity.isdecimal():
        wrong["capacity"] = visit.say("这里要写整数")
    rows = form["papers"]
    papers = []
    for n in range(min(int(rows), 100) if rows.isdecimal() else 0):
        paper = {name: form[f"{name}.{n}"] for name in PAPER}
        if any(paper.values()):
            papers.append(Qualification(**paper, items=_split(form[f"items.{n}"])))
    parks = (EVERYWHERE,) if "everywhere" in form else tuple(form.all("parks"))
    lines = {name: form[name] for name in LINES if name != "code"}
    entry = replace(
        BLANK, **lines, code=code, capacity=int(capacity) if capacity.isdecimal() else 1,
        items=tuple(form.all("items")), parks=parks, desks=tuple(form.all("desks")),
        industries=_split(form["industries"]),
        qualifications=tuple(papers),
    )  # fmt: skip
    return entry, wrong


def _split(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace("，", "、").replace(",", "、").replace(" ", "、").split("、") if part)


def _control(path: str) -> str:
    """A field error's control on the page: `organization.qualifications.0.scope` is `scope.0`."""
    parts = path.removeprefix("organization.").split(".")
    if parts[0] == "qualifications" and len(parts) > 2:
        return f"{parts[2]}.{parts[1]}"
    return parts[0]


def manages(session: Session) -> bool:
    actor = session.account.actor()
    try:
        access.check(actor, "manage_organizations", park=next(iter(actor.parks), ""))
    except Forbidden:
        return False
    return True


async def _manager(visit: Visit) -> Session:
    session = await signed_in(visit)
    if not manages(session):
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")
    return session


async def _stations(visit: Visit) -> Sequence[StationView]:
    try:
        return await visit.gateway.known.stations()
    except Unavailable:
        return ()


async def _park_names(visit: Visit) -> dict[str, str]:
    return {station.park: station.park_name for station in await _stations(visit)}


async def _categories(visit: Visit) -> list[Mapping[str, Any]]:
    try:
        return await visit.gateway.known.categories()
    except Unavailable:
        return []


def _today(visit: Visit) -> str:
    return datetime.now(visit.gateway.settings.timezone).date().isoformat()
