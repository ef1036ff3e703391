"""The API's operations on the register of organizations."""

from dataclasses import dataclass
from typing import Any

from marshmallow import fields, validate
from starlette.responses import Response

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import _MESSAGES, Empty, Input, _text, _texts
from services.gateway.bodies import SLACK, Form, is_multipart, read_multipart
from services.gateway.errors import NotJson
from services.gateway.pages.registering import TYPE, bring, made_workbook
from services.gateway.register_sheet import Mistake
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.base import Answer, Command, Query
from shared.contracts.providers import (
    ExcludeOrganization,
    GetOrganization,
    GivenOrganization,
    ListOrganizations,
    OrganizationList,
    OrganizationsImported,
    OrganizationView,
    PutOrganization,
    Qualification,
    ResumeOrganization,
    SuspendOrganization,
)
from shared.errors import Invalid

SHEET_LIMIT = 1024 * 1024


class QualificationIn(Input):
    scope = _text("What it is qualified for, as the certificate says.")
    number = _text("The certificate's number.")
    issuer = _text("Who issued it.")
    expires_on = _text("The last day it holds, such as 2028-06-30.", most=10)
    items = _texts("Items it is for; none for all that the organization serves.", most=20)


class OrganizationIn(Input):
    code = _text("Capital letters, digits, hyphens, such as GZ-JL.", most=20)
    name = _text("The organization's name.")
    items = _texts("What it serves, such as 5.4.b.", most=20, required=True)
    parks = _texts("Codes of the parks it serves; * for all.", most=60, required=True)
    capacity = fields.Int(
        required=True, strict=True, error_messages=_MESSAGES, metadata={"description": "Jobs it takes at once."}
    )
    joined_on = _text("Since when it is with us, such as 2026-11-30.", most=10)
    qualifications = fields.List(
        fields.Nested(QualificationIn),
        load_default=list,
        validate=validate.Length(max=100),
        error_messages=_MESSAGES,
        metadata={"description": "What it is qualified for, and until when."},
    )
    industries = _texts("Industries it knows.", most=200)
    desks = _texts("Codes of the parks where it is on site.", most=60)
    distance = _text("near, city or far.", required=False, most=10)
    price = _text("low, middle or high.", required=False, most=10)
    contact_name = _text("Whom to ask for; stays in the register.", required=False)
    phone = _text("A telephone number; stays in the register.", required=False)
    email = _text("An e-mail address; stays in the register.", required=False)


class OrganizationReasonIn(Input):
    reason = _text("Why.", most=500)


class ExclusionIn(Input):
    reason = _text("Why a complaint keeps it out; empty lets it in again.", required=False, most=500)


class OrganizationQuery(Input):
    park = _text("Only those who serve this park.", required=False, most=60)
    item = _text("Only those who serve this item.", required=False, most=20)
    status = _text("active or suspended.", required=False, most=20)
    search = _text("Words of code or name.", required=False)


class ImportQuery(Input):
    preview = fields.Bool(
        load_default=False, error_messages=_MESSAGES, metadata={"description": "Only say what would happen."}
    )


@operation(
    "GET", "/organizations", "The register of organizations.",
    who=Who.STAFF, query=OrganizationQuery, gives=OrganizationList,
)  # fmt: skip
async def list_organizations(visit: Visit, **given: Any) -> OrganizationList:
    return await _ask(visit, ListOrganizations(**given))


@operation("GET", "/organizations/{code}", "One organization.", who=Who.STAFF, gives=OrganizationView)
async def get_organization(visit: Visit, code: str) -> OrganizationView:
    return await _ask(visit, GetOrganization(code=code))


@operation(
    "POST", "/organizations", "Enter an organization; a code that is taken is refused.",
    who=Who.STAFF, takes=OrganizationIn, gives=OrganizationView, status=201,
)  # fmt: skip
async def enter_organization(visit: Visit, **given: Any) -> OrganizationView:
    return await _put(visit, given, fresh=True)


@operation(
    "POST", "/organizations/{code}", "Change an organization's entry.",
    who=Who.STAFF, takes=OrganizationIn, gives=OrganizationView,
)  # fmt: skip
async def change_organization(visit: Visit, code: str, **given: Any) -> OrganizationView:
    await _ask(visit, GetOrganization(code=code))
    return await _put(visit, {**given, "code": code}, fresh=False)


@operation(
    "POST", "/organizations/{code}/suspend", "It gets no new offers; open ones are taken back.",
    who=Who.STAFF, takes=OrganizationReasonIn, gives=OrganizationView,
)  # fmt: skip
async def suspend_organization(visit: Visit, **given: Any) -> OrganizationView:
    return await _tell(visit, SuspendOrganization(**given))


@operation(
    "POST", "/organizations/{code}/resume", "It may be offered jobs again.",
    who=Who.STAFF, takes=Empty, gives=OrganizationView,
)  # fmt: skip
async def resume_organization(visit: Visit, code: str) -> OrganizationView:
    return await _tell(visit, ResumeOrganization(code=code))


@operation(
    "POST", "/organizations/{code}/exclude", "A complaint keeps it out, or no longer does.",
    who=Who.STAFF, takes=ExclusionIn, gives=OrganizationView,
)  # fmt: skip
async def exclude_organization(visit: Visit, **given: Any) -> OrganizationView:
    return await _tell(visit, ExcludeOrganization(**given))


@operation(
    "GET", "/organizations.xlsx", "The register as a workbook, to be changed and imported again.",
    who=Who.STAFF, media=TYPE,
)  # fmt: skip
async def export_organizations(visit: Visit) -> Response:
    return await made_workbook(visit, (await visit.staff()).account.actor(), filled=True)


@dataclass(frozen=True, kw_only=True)
class CellMistake(Answer):
    cell: str
    text: str


@dataclass(frozen=True, kw_only=True)
class SheetImported(Answer):
    """With one mistake nothing was changed."""

    mistakes: tuple[CellMistake, ...]
    imported: OrganizationsImported | None = None


@operation(
    "POST", "/organizations.xlsx", "Import a workbook, part `file` of multipart/form-data: all of it or nothing.",
    who=Who.STAFF, query=ImportQuery, uploads=True, gives=SheetImported,
)  # fmt: skip
async def import_organizations(visit: Visit, preview: bool) -> SheetImported:
    actor = (await visit.staff()).account.actor()
    if not is_multipart(visit.request):
        raise NotJson("请用 multipart/form-data 发送文件")
    form = Form(*await read_multipart(visit.request, SHEET_LIMIT + SLACK))
    try:
        if len(form.files) != 1:
            raise Invalid("请发一个文件")
        content = await form.files[0].read()
    finally:
        await form.close()
    brought = await bring(visit, actor, content, preview=preview, key=idempotency_key(visit.request))
    return SheetImported(mistakes=tuple(_said(visit, one) for one in brought.mistakes), imported=brought.imported)


def _said(visit: Visit, mistake: Mistake) -> CellMistake:
    return CellMistake(cell=mistake.cell, text=visit.say(mistake.text, **mistake.params))


async def _put(visit: Visit, given: dict[str, Any], fresh: bool) -> OrganizationView:
    values = {name: value for name, value in given.items() if value != "" or name not in ("distance", "price")}
    papers = tuple(Qualification(**paper) for paper in values.pop("qualifications"))
    organization = GivenOrganization(**values, qualifications=papers)
    try:
        return await _tell(visit, PutOrganization(organization=organization, fresh=fresh))
    except Invalid as error:
        fields = {path.removeprefix("organization."): text for path, text in error.fields.items()}
        raise Invalid(error.text, fields=fields) from error


async def _ask(visit: Visit, query: Query) -> Any:
    return await visit.ask(query, (await visit.staff()).account.actor())


async def _tell(visit: Visit, command: Command) -> Any:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(command, actor, idempotency_key(visit.request))
