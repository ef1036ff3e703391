"""What dispatch tells anybody who asks."""

from services.dispatch.domain.standings import MOST, MOST_NAMED
from services.dispatch.handlers.work import DispatchWork
from shared import access
from shared.contracts.dispatch import ListStandings, Standings
from shared.errors import Invalid


def list_standings(query: ListStandings, uow: DispatchWork) -> Standings:
    access.check(uow.actor, "list_standings")
    wrong = {}
    if not 1 <= query.limit <= MOST or query.skip < 0:
        wrong["limit"] = "一次最多取 250 条"
    if max(len(query.parks), len(query.numbers), len(query.services)) > MOST_NAMED:
        wrong["numbers"] = "一次最多取 250 条"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)
    with uow:
        return Standings(standings=tuple(uow.standings.list(query)))
