"""Pages to sign in and out."""

from collections.abc import Mapping

from starlette.responses import Response

from services.gateway.api.session import set_session
from services.gateway.grants import COOKIE as GRANTS
from services.gateway.language import N_
from services.gateway.owning import is_client
from services.gateway.pages.frame import page, render, see, signed_in
from services.gateway.visit import SESSION_COOKIE, Visit
from shared.access import Role
from shared.errors import Unproven

HOME = "/desk"
DESKS: Mapping[str, str] = {Role.ORGANIZATION: "/org", Role.CLIENT: "/own"}  # where others begin
LONGEST = 200


@page("/signin", "GET", "POST")
async def sign_in(visit: Visit) -> Response:
    form = visit.form
    after = _local(form["next"] or visit.request.query_params.get("next", ""))
    if visit.request.method == "GET":
        return render(visit, "signin.html", account="", after=after, wrong={})
    login, password = form["account"].lower(), form["password"]
    missing = {"account": N_("请填写账号"), "password": N_("请填写密码")}
    wrong = {name: visit.say(text) for name, text in missing.items() if not form[name]}
    if not wrong and max(len(login), len(password)) <= LONGEST:
        try:
            last = visit.request.cookies.get(SESSION_COOKIE, "")
            session = await visit.gateway.people.sign_in(login, password, visit.address, last)
        except Unproven as error:
            wrong = {"account": visit.say.error(error)}
        else:
            response = see(DESKS.get(session.account.role, HOME) if after == HOME else after)
            set_session(response, session, secure=visit.secure)
            return response
    return render(visit, "signin.html", 422, account=login[:LONGEST], after=after, wrong=wrong)


@page("/signout", "POST")
async def sign_out(visit: Visit) -> Response:
    session = await signed_in(visit)
    await visit.gateway.people.sign_out(session.token)
    response = see("/signin")
    response.delete_cookie(SESSION_COOKIE)
    if is_client(session):
        response.delete_cookie(GRANTS)  # what its account had opened
    return response


def _local(path: str) -> str:
    """Only a path of ours, never another host."""
    fits = path.startswith("/") and not path.startswith(("//", "/\\")) and "\n" not in path and "\\" not in path
    return path if fits else HOME
