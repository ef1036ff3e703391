"""The API's operations on service items, for whoever is signed in."""

from typing import Any

from services.gateway.api.operations import Who, operation
from services.gateway.api.schemas import (
    AnswerIn,
    AssessIn,
    DossierQuery,
    Empty,
    ItemQuery,
    MergeIn,
    RefuseIn,
    ResultIn,
    WithdrawIn,
)
from services.gateway.visit import Visit, idempotency_key
from shared.contracts.archive import DossierPage, ListDossiers
from shared.contracts.base import Command, Query
from shared.contracts.dispatch import (
    AcceptItem,
    AnswerItem,
    AssessItem,
    GetItem,
    ItemPage,
    ItemView,
    ListItems,
    MergeItem,
    RefuseItem,
    WithdrawItem,
)
from shared.contracts.providers import FinishJob, GetJob, JobView


@operation(
    "GET",
    "/items",
    "Service items of your parks, newest first.",
    who=Who.STAFF,
    query=ItemQuery,
    gives=ItemPage,
)
async def list_items(visit: Visit, **given: Any) -> ItemPage:
    return await _ask(visit, ListItems(**given))


@operation("GET", "/items/{item_id}", "One service item.", who=Who.STAFF, gives=ItemView)
async def get_item(visit: Visit, item_id: str) -> ItemView:
    return await _ask(visit, GetItem(item_id=item_id))


@operation(
    "POST",
    "/items/{item_id}/accept",
    "Take the item; you stay responsible for it.",
    who=Who.STAFF,
    takes=Empty,
    gives=ItemView,
)
async def accept_item(visit: Visit, item_id: str) -> ItemView:
    return await _tell(visit, AcceptItem(item_id=item_id))


@operation(
    "POST",
    "/items/{item_id}/assess",
    "Confirm what the need is, and let it be served.",
    who=Who.STAFF,
    takes=AssessIn,
    gives=ItemView,
)
async def assess_item(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, AssessItem(**given))


@operation(
    "POST",
    "/items/{item_id}/answer",
    "Answer a message that is no service need; this ends the item.",
    who=Who.STAFF,
    takes=AnswerIn,
    gives=ItemView,
)
async def answer_item(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, AnswerItem(**given))


@operation(
    "POST",
    "/items/{item_id}/merge",
    "The same need was stated before; this ends the item.",
    who=Who.STAFF,
    takes=MergeIn,
    gives=ItemView,
)
async def merge_item(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, MergeItem(**given))


@operation(
    "POST",
    "/items/{item_id}/refuse",
    "The station cannot do it, and says why; this ends the item.",
    who=Who.STAFF,
    takes=RefuseIn,
    gives=ItemView,
)
async def refuse_item(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, RefuseItem(**given))


@operation(
    "POST",
    "/items/{item_id}/withdraw",
    "The client no longer needs it; this ends the item.",
    who=Who.STAFF,
    takes=WithdrawIn,
    gives=ItemView,
)
async def withdraw_item(visit: Visit, **given: Any) -> ItemView:
    return await _tell(visit, WithdrawItem(**given))


@operation("GET", "/jobs/{job_id}", "One job of a dispatch target.", who=Who.STAFF, gives=JobView)
async def get_job(visit: Visit, job_id: str) -> JobView:
    return await _ask(visit, GetJob(job_id=job_id))


@operation(
    "POST",
    "/jobs/{job_id}/result",
    "Deliver the result of a job that the station serves itself.",
    who=Who.STAFF,
    takes=ResultIn,
    gives=JobView,
)
async def finish_job(visit: Visit, **given: Any) -> JobView:
    return await _tell(visit, FinishJob(**given))


@operation(
    "GET",
    "/dossiers",
    "Sealed dossiers of your parks.",
    who=Who.STAFF,
    query=DossierQuery,
    gives=DossierPage,
)
async def list_dossiers(visit: Visit, **given: Any) -> DossierPage:
    return await _ask(visit, ListDossiers(**given))


async def _ask(visit: Visit, query: Query) -> Any:
    return await visit.ask(query, (await visit.staff()).account.actor())


async def _tell(visit: Visit, command: Command) -> Any:
    actor = (await visit.staff()).account.actor()
    return await visit.tell(command, actor, idempotency_key(visit.request))
