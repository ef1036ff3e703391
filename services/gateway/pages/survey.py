"""The page of a survey: reached by its link alone, answered with one tap; a low mark is asked why, once."""

import re
from typing import Any

from starlette.responses import Response

from services.gateway.pages.frame import page, render, see
from services.gateway.visit import Visit
from shared.contracts.feedback import AnswerSurvey, DeclineSurvey, GetSurvey, SurveyView
from shared.errors import IllegalMove, KeyReused

_SCORE = re.compile("[1-5]")


@page("/s/{token}", "GET", "POST")
async def survey(visit: Visit, token: str) -> Response:
    form = visit.form
    answers = visit.request.method == "POST" and _SCORE.fullmatch(form["score"]) is not None
    low = answers and form["score"] < form["below"]  # the form knows below which mark it is asked why
    if answers and (not low or form["comment"] or "why" in form):
        return await _done(visit, _answer(visit, token))
    asked: SurveyView = await visit.ask(GetSurvey(token=token))
    given: dict[str, Any] = {"survey": asked, "station": visit.gateway.known.seen(asked.park)}
    if not answers:
        return render(visit, "survey.html", **given)
    if asked.status == "open":
        kept = {name: form[name] for name in (f"q.{one.key}" for one in asked.questions) if form[name]}
        return render(visit, "survey_why.html", score=int(form["score"]), kept=kept, **given)
    return await _done(visit, _answer(visit, token))


def _answer(visit: Visit, token: str) -> AnswerSurvey:
    """The mark with all that was said besides."""
    texts = visit.form.texts()
    answers = {name[2:]: int(text) for name, text in texts.items() if name.startswith("q.") and _SCORE.fullmatch(text)}
    return AnswerSurvey(
        token=token, score=int(texts["score"]), comment=visit.form["comment"], answers=answers,
        reasons=tuple(sorted(name[2:] for name in texts if name.startswith("r."))),
    )  # fmt: skip


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
