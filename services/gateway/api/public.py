"""The API's operations that need no account: stations, targets, surveys, live events."""

from typing import Any

from starlette.responses import StreamingResponse

from services.gateway.api.operations import Who, operation
from services.gateway.api.requests import reader_of
from services.gateway.api.schemas import Empty, EventQuery, ScoreIn
from services.gateway.live import Wanted
from services.gateway.visit import Visit, idempotency_key
from shared.access import EVERYWHERE, Role, parks_of
from shared.contracts.dispatch import ListTargets, TargetList
from shared.contracts.feedback import AnswerSurvey, DeclineSurvey, GetSurvey, SurveyView
from shared.contracts.intake import GetRequest
from shared.contracts.station import GetStation, ListStations, StationList, StationView


@operation("GET", "/stations", "Every station of the district.", gives=StationList)
async def list_stations(visit: Visit) -> StationList:
    return await visit.ask(ListStations())


@operation("GET", "/stations/{park}", "One park's station.", gives=StationView)
async def get_station(visit: Visit, park: str) -> StationView:
    return await visit.ask(GetStation(park=park))


@operation(
    "GET",
    "/targets",
    "What can be asked for: the dispatch targets with their items, the form of each and its result.",
    gives=TargetList,
)
async def list_targets(visit: Visit) -> TargetList:
    return await visit.ask(ListTargets())


@operation("GET", "/surveys/{token}", "What is asked, and until when.", gives=SurveyView)
async def get_survey(visit: Visit, token: str) -> SurveyView:
    return await visit.ask(GetSurvey(token=token))


@operation(
    "POST",
    "/surveys/{token}/answer",
    "Rate a service once, from 1 (very dissatisfied) to 5.",
    takes=ScoreIn,
    gives=SurveyView,
)
async def answer_survey(visit: Visit, **given: Any) -> SurveyView:
    return await visit.tell(AnswerSurvey(**given), key=idempotency_key(visit.request))


@operation("POST", "/surveys/{token}/decline", "Do not rate this one.", takes=Empty, gives=SurveyView)
async def decline_survey(visit: Visit, token: str) -> SurveyView:
    return await visit.tell(DeclineSurvey(token=token), key=idempotency_key(visit.request))


@operation(
    "GET",
    "/events",
    "Server-sent events: that something happened to a request, never what. "
    "Signed in: all of your parks; else the request named by `number`, with X-Request-Code.",
    who=Who.OWNER,
    query=EventQuery,
)
async def events(visit: Visit, number: str) -> StreamingResponse:
    wanted = await _wanted(visit, number)
    lines = visit.gateway.live.lines(wanted)
    headers = {"x-accel-buffering": "no"}
    return StreamingResponse(lines, media_type="text/event-stream", headers=headers)


async def _wanted(visit: Visit, number: str) -> Wanted:
    """Which events this reader may hear of; raises Unproven or Forbidden."""
    if not number:
        actor = (await visit.staff()).account.actor()
        parks = parks_of(actor, "list_items")
        return lambda news: EVERYWHERE in parks or news["park"] in parks
    actor = await reader_of(visit, number)
    if actor.role == Role.CLIENT:
        request_id = actor.requests[0]
    else:
        request_id = (await visit.ask(GetRequest(number=number), actor)).request_id
    return lambda news: news["request_id"] == request_id
