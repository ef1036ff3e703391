"""What archive does when somebody wants to open a sealed dossier, decides about it, or opens one."""

from dataclasses import replace

from services.archive.domain.checks import examine
from services.archive.domain.grants import MOST_DAYS, Grant
from services.archive.handlers.dossiers import found, names_of, state_of, written
from services.archive.handlers.work import ArchiveWork
from shared import access
from shared.access import Role
from shared.contracts.archive import (
    AskDossierAccess,
    DecideDossierAccess,
    DossierAccessAsked,
    DossierAccessDecided,
    DossierOpened,
    DossierState,
    GrantList,
    GrantView,
    ListGrants,
    OpenDossier,
)
from shared.errors import Forbidden, IllegalMove, Invalid, Unavailable

HOWS = ("view", "export")
MOST_LISTED = 200


def ask_dossier_access(command: AskDossierAccess, uow: ArchiveWork) -> GrantView:
    why = written(command.why, "why")
    if not 1 <= command.days <= MOST_DAYS:
        raise Invalid("请检查填写的内容", fields={"days": "填 1 到 30 天"})
    with uow:
        dossier = found(command.item_id, uow)
        access.check(uow.actor, "ask_dossier_access", park=dossier.park)
        dossier.need_sealed()
        latest = uow.grants.latest(command.item_id, uow.actor.id)
        if latest and latest.state(uow.now) in ("asked", "granted"):
            raise IllegalMove("您已经申请过了")
        grant = Grant(
            grant_id=uow.new_id(), item_id=dossier.item_id, park=dossier.park, number=dossier.number,
            file_number=dossier.file_number, by_id=uow.actor.id, by_name=uow.actor.name, why=why, days=command.days,
            asked_at=uow.now,
        )  # fmt: skip
        uow.grants.add(grant)
        uow.say(DossierAccessAsked(**names_of(dossier), grant_id=grant.grant_id, why=why, days=command.days))
        return uow.commit(grant.view(uow.now))


def decide_dossier_access(command: DecideDossierAccess, uow: ArchiveWork) -> GrantView:
    reason = command.reason.strip() if command.grant else written(command.reason, "reason")
    with uow:
        grant = uow.grants.get(command.grant_id)
        access.check(uow.actor, "decide_dossier_access", park=grant.park)
        grant.decide(command.grant, reason, uow.actor, uow.now)
        uow.grants.put(grant)
        uow.say(
            DossierAccessDecided(
                **names_of(found(grant.item_id, uow)), grant_id=grant.grant_id, granted=command.grant,
                asked_by=grant.by_name, until=grant.until, reason=reason,
            )
        )  # fmt: skip
        return uow.commit(grant.view(uow.now))


def open_dossier(command: OpenDossier, uow: ArchiveWork) -> DossierState:
    """Raises Forbidden without a grant that holds now, Unavailable for a dossier that is not what was sealed."""
    if command.how not in HOWS:
        raise Invalid("请检查填写的内容", fields={"how": "只能查阅或导出"})
    with uow:
        dossier = found(command.item_id, uow)
        access.check(uow.actor, "open_dossier", park=dossier.park, request_id=dossier.request_id)
        dossier.need_sealed()
        grant = uow.grants.latest(command.item_id, uow.actor.id)
        if uow.actor.role != Role.CLIENT and not (grant and grant.holds(uow.now)):
            raise Forbidden("打开归档的档案要先申请，由另一个人批准")
        lines = {line.sequence: line.hash for line in uow.ledger.of_request(dossier.request_id)}
        if examine(uow.shelf.read(dossier.path), dossier, lambda _: lines):
            raise Unavailable("这份档案和归档时不一样，先不能打开，请告诉系统管理员")
        grant_id = grant.grant_id if grant and uow.actor.role != Role.CLIENT else ""
        uow.say(DossierOpened(**names_of(dossier), how=command.how, grant_id=grant_id))
        state = state_of(command.item_id, "", "open_dossier", uow, opened=True)
        return uow.commit(replace(state, grant=grant.view(uow.now) if grant_id and grant else None))


def list_grants(query: ListGrants, uow: ArchiveWork) -> GrantList:
    """Who decides sees all of their parks; others see their own."""
    parks = access.parks_of(uow.actor, "ask_dossier_access")
    with uow:
        grants = uow.grants.page(query.item_id, query.park, query.asked, parks, MOST_LISTED)
    decides = uow.actor.role in access.RULES["decide_dossier_access"]
    shown = [grant for grant in grants if decides or grant.by_id == uow.actor.id]
    return GrantList(grants=tuple(grant.view(uow.now) for grant in shown))
