"""The service catalogue, and the form of one item: for clients who know what they want done."""

import uuid
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from services.gateway.details import checked, unmarked, voluntary
from services.gateway.pages import fields
from services.gateway.pages.frame import page, render, see
from services.gateway.pages.landing import on_the_page, split_contact, taken_page
from services.gateway.visit import Visit
from shared.contracts.intake import SubmitNeed
from shared.contracts.station import StationView
from shared.errors import Invalid, KeyReused


@page("/{park}/services")
async def catalogue(visit: Visit, park: str) -> Response:
    """Every category with its items; the address may name the one that was looked for."""
    return render(
        visit,
        "catalogue.html",
        station=await visit.gateway.known.station(park),
        categories=await visit.gateway.known.categories(),
        wanted=visit.request.query_params.get("category", ""),
    )


@page("/{park}/new", "GET", "POST")
async def state(visit: Visit, park: str) -> Response:
    """One item's form. Everything of it may be left out, and what is filled in must fit."""
    station = await visit.gateway.known.station(park)
    query = visit.request.query_params
    code = visit.form["item"] or query.get("item", "")
    if not code:
        return see(f"/{park}/services" + (f"?category={query['category']}" if query.get("category") else ""))
    category, item = await visit.gateway.known.item(code)
    asked = voluntary(item["form"])
    typed = visit.form.texts()
    values = fields.gather(asked, visit.form, "d")
    if visit.request.method == "GET" or visit.form["row"]:
        return _form(visit, station, (category, item, code), typed, values)
    try:
        phone, email = split_contact(visit.form["contact"])
        need = SubmitNeed(
            park=park,
            text=visit.form["text"] or visit.say("想办：{title}", title=visit.say.own(item, "title")),
            company=visit.form["company"],
            phone=phone,
            email=email,
            category=str(category["code"]),
            item=code,
            details=_given(item, values),
        )
        taken = await visit.tell(need, key=visit.form["key"])
    except Invalid as error:
        return _form(visit, station, (category, item, code), typed, values, on_the_page(visit, error))
    except KeyReused:
        again = {**typed, "key": uuid.uuid4().hex}
        note = visit.say("刚才已经提交过一次，内容和现在的不一样。要作为另一件事再提交，请再点一次“提交需求”")
        return _form(visit, station, (category, item, code), again, values, note=note)
    return taken_page(visit, station, need, taken)


def _given(item: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The details that were filled in; raises Invalid under the names of the page's controls."""
    told = {name: value for name, value in values.items() if value not in (False, [])}
    try:
        return checked(item["form"], told)
    except Invalid as error:
        raise Invalid(error.text, fields={f"d.{path}": text for path, text in error.fields.items()}) from error


def _form(
    visit: Visit,
    station: StationView,
    about: tuple[Mapping[str, Any], Mapping[str, Any], str],
    typed: Mapping[str, str],
    values: Mapping[str, Any],
    wrong: Mapping[str, str] | None = None,
    note: str = "",
) -> Response:
    category, item, code = about
    drawn = fields.draw(unmarked(item["form"]), values, visit.say, "d", visit.form["row"])
    response = render(
        visit,
        "need.html",
        422 if wrong or note else 200,
        station=station,
        category=category,
        item=item,
        code=code,
        drawn=drawn,
        labels=fields.labels(drawn, visit.say),
        typed={"text": "", "company": "", "contact": "", "key": uuid.uuid4().hex, **typed},
        wrong=wrong or {},
        note=note,
    )
    response.headers["cache-control"] = "private, no-cache"  # so that Back shows what was typed
    return response
