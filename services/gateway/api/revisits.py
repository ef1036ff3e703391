"""The API's operations on revisits: who is to be called, what a call brought, and the plan."""

from typing import Any

from marshmallow import fields, validate

from services.gateway.api.figures import _whole
from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import _MESSAGES, Input, _Page, _text
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.base import Command
from shared.contracts.feedback import (
    GetRevisitPlan,
    ListRevisits,
    RecordRevisit,
    RevisitPage,
    RevisitPlanView,
    RevisitView,
    SetRevisitPlan,
)
from shared.forms import OUT_OF_RANGE


def _flag(description: str, **given: Any) -> fields.Field[Any]:
    return fields.Bool(error_messages=_MESSAGES, metadata={"description": description}, **given)


class RevisitQuery(_Page):
    status = fields.Str(
        load_default="open", error_messages=_MESSAGES, metadata={"description": "open, done or unreached."}
    )


class RevisitIn(Input):
    reached = _flag("Somebody answered.", required=True)
    solved = _text("yes, partly or no.", required=False, most=20)
    score = fields.Int(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(1, 5, error=OUT_OF_RANGE),
        error_messages=_MESSAGES,
        metadata={"description": "The mark the client gave, if it gave one."},
    )
    text = _text("What the client said.", required=False, most=2000)
    complain = _flag("Open a complaint with it.", load_default=False)
    reopen = _flag("The client wants it done over.", load_default=False)


class RevisitPlanIn(Input):
    share = _whole("So many per cent of what was closed.", 0, 100)
    low_below = _whole("And everything with a mark under this.", 0, 5)
    new_organization = _whole("And the first so many items of an organization.", 0, 100)
    version = fields.Int(
        load_default=None,
        allow_none=True,
        strict=True,
        error_messages=_MESSAGES,
        metadata={"description": "The version this change was made from."},
    )


@operation(
    "GET",
    "/revisits",
    "Whose clients are to be called again, the longest waiting first.",
    who=Who.STAFF,
    query=RevisitQuery,
    gives=RevisitPage,
)
async def list_revisits(visit: Visit, **given: Any) -> RevisitPage:
    return await visit.ask(ListRevisits(**given), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/revisits/{revisit_id}",
    "Write down what a call brought; a complaint may come of it.",
    who=Who.STAFF,
    takes=RevisitIn,
    gives=RevisitView,
)
async def record_revisit(visit: Visit, **given: Any) -> RevisitView:
    return await _tell(visit, RecordRevisit(**given))


@operation("GET", "/revisit-plan", "Whose clients are called again.", who=Who.STAFF, gives=RevisitPlanView)
async def get_revisit_plan(visit: Visit) -> RevisitPlanView:
    return await visit.ask(GetRevisitPlan(), (await visit.staff()).account.actor())


@operation(
    "POST",
    "/revisit-plan",
    "Set whose clients are called again from now on.",
    who=Who.STAFF,
    takes=RevisitPlanIn,
    gives=RevisitPlanView,
)
async def set_revisit_plan(visit: Visit, **given: Any) -> RevisitPlanView:
    return await _tell(visit, SetRevisitPlan(**given))


async def _tell(visit: Visit, command: Command) -> Any:
    return await visit.tell(command, (await visit.staff()).account.actor(), idempotency_key(visit.request))
