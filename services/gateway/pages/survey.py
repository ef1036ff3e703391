"""The page of a survey: reached by its link alone, answered with one tap."""

import re

from starlette.responses import Response

from services.gateway.pages.frame import page, render, see
from services.gateway.visit import Visit
from shared.contracts.feedback import AnswerSurvey, DeclineSurvey, GetSurvey, SurveyView
from shared.errors import IllegalMove, KeyReused

_SCORE = re.compile("[1-5]")


@page("/s/{token}", "GET", "POST")
async def survey(visit: Visit, token: str) -> Response:
    if visit.request.method == "POST" and _SCORE.fullmatch(visit.form["score"]):
        command = AnswerSurvey(token=token, score=int(visit.form["score"]), comment=visit.form["comment"])
        return await _done(visit, command)
    asked: SurveyView = await visit.ask(GetSurvey(token=token))
    return render(visit, "survey.html", survey=asked, station=visit.gateway.known.seen(asked.park))


@page("/s/{token}/decline", "POST")
async def decline(visit: Visit, token: str) -> Response:
    return await _done(visit, DeclineSurvey(token=token))


async def _done(visit: Visit, command: AnswerSurvey | DeclineSurvey) -> Response:
    """Back to where the client came from; a second tap changes nothing and is no mistake."""
    try:
        done: SurveyView = await visit.tell(command, key=command.token)
    except (IllegalMove, KeyReused):
        return see(f"/s/{command.token}")
    return see(f"/r/{done.number}" if visit.grants.get(done.number) else f"/s/{command.token}")
