"""What providers does about the register of organizations: one function each."""

from collections.abc import Callable

from services.providers.domain.organizations import Organization, check, faults, found
from services.providers.handlers.work import ProvidersWork
from services.providers.plugin import Registry
from shared import access
from shared.access import Role
from shared.contracts.feedback import ComplaintConfirmed
from shared.contracts.providers import (
    ExcludeOrganization,
    GetOrganization,
    ImportOrganizations,
    ListOrganizations,
    OrganizationList,
    OrganizationsImported,
    OrganizationView,
    PutOrganization,
    ResumeOrganization,
    SuspendOrganization,
)
from shared.contracts.station import StationOpened
from shared.errors import Forbidden, Invalid, Unavailable

REASON_LIMIT = 500
AT_ONCE = 200
MANAGE = "manage_organizations"
TAKEN = "这个代码已经有了"
TWICE = "这个代码在表里出现了两次"


def know_park(event: StationOpened, uow: ProvidersWork) -> None:
    with uow:
        uow.parks.put(event.park)
        uow.commit()


def hear_complaint(event: ComplaintConfirmed, uow: ProvidersWork) -> None:
    """Who was rightly complained about for something severe gets no new offers until the operator says otherwise."""
    with uow:
        organization = uow.organizations.get(event.organization) if event.organization else None
        grave = event.outcome == "confirmed" and (event.severity == "high" or event.safety)
        if organization and grave and not organization.excluded:
            organization.exclude(f"投诉属实：{event.number}")
            uow.organizations.put(organization)
            uow.say(organization.registered())
        uow.commit()


def put_organization(command: PutOrganization, plugins: Registry, uow: ProvidersWork) -> OrganizationView:
    with uow:
        check(command.organization, uow.parks.all(), plugins.letters)
        organization = uow.organizations.get(command.organization.code)
        if organization and command.fresh:
            raise Invalid("请检查填写的内容", fields={"organization.code": TAKEN})
        _may_manage(uow, organization, command.organization.parks)
        _put(organization, command, uow)
        return uow.commit(found(uow.organizations.get(command.organization.code)).view(contact=True))


def _put(organization: Organization | None, command: PutOrganization, uow: ProvidersWork) -> None:
    if organization is None:
        organization = Organization(given=command.organization)
        if not uow.organizations.add(organization):
            raise Unavailable("别人刚登记了这个代码，请再试一次")
    elif organization.change(command.organization):
        uow.organizations.put(organization)
    else:
        return
    uow.say(organization.registered())


def import_organizations(command: ImportOrganizations, plugins: Registry, uow: ProvidersWork) -> OrganizationsImported:
    """All of them or, where one field is wrong, none; the fields are named by place: `organizations.3.capacity`."""
    if len(command.organizations) > AT_ONCE:
        raise Invalid("请检查填写的内容", fields={"organizations": "一次最多 200 家机构，请分几次导入"})
    with uow:
        parks, codes = uow.parks.all(), set[str]()
        wrong: dict[str, str] = {}
        for n, given in enumerate(command.organizations):
            wrong |= {f"organizations.{n}.{path}": text for path, text in faults(given, parks, plugins.letters).items()}
            if given.code in codes:
                wrong[f"organizations.{n}.code"] = TWICE
            codes.add(given.code)
        if wrong:
            raise Invalid("请检查填写的内容", fields=wrong)
        told: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
        for given in sorted(command.organizations, key=lambda given: given.code):  # one order, so that none waits
            organization = uow.organizations.get(given.code)
            _may_manage(uow, organization, given.parks)
            kind = "created" if organization is None else "unchanged" if organization.given == given else "changed"
            told[kind].append(given.code)
            if not command.preview:
                _put(organization, PutOrganization(organization=given), uow)
        return uow.commit(OrganizationsImported(**{kind: tuple(codes) for kind, codes in told.items()}))


def suspend_organization(command: SuspendOrganization, uow: ProvidersWork) -> OrganizationView:
    reason = _reason(command.reason)
    return _change(command.code, uow, lambda organization: organization.suspend(reason))


def resume_organization(command: ResumeOrganization, uow: ProvidersWork) -> OrganizationView:
    return _change(command.code, uow, lambda organization: organization.resume())


def exclude_organization(command: ExcludeOrganization, uow: ProvidersWork) -> OrganizationView:
    reason = _reason(command.reason) if command.reason else ""
    return _change(command.code, uow, lambda organization: organization.exclude(reason))


def _change(code: str, uow: ProvidersWork, change: Callable[[Organization], None]) -> OrganizationView:
    with uow:
        organization = found(uow.organizations.get(code))
        _may_manage(uow, organization, ())
        change(organization)
        uow.organizations.put(organization)
        uow.say(organization.registered())
        return uow.commit(organization.view(contact=True))


def get_organization(query: GetOrganization, uow: ProvidersWork) -> OrganizationView:
    access.check(uow.actor, "read_organization", organization=query.code)
    with uow:
        return found(uow.organizations.get(query.code)).view(_sees_contact(uow))


def list_organizations(query: ListOrganizations, uow: ProvidersWork) -> OrganizationList:
    own = uow.actor.organization
    access.check(uow.actor, "read_organization", organization=own)
    with uow:
        found = [
            one
            for one in uow.organizations.all()
            if (uow.actor.role != Role.ORGANIZATION or one.code == own)
            and (not query.park or one.serves(query.park))
            and (not query.item or query.item in one.given.items)
            and (not query.status or one.status == query.status)
            and query.search.casefold() in f"{one.code} {one.given.name}".casefold()
        ]
    return OrganizationList(organizations=tuple(one.view(_sees_contact(uow)) for one in found))


def _may_manage(uow: ProvidersWork, organization: Organization | None, parks: tuple[str, ...]) -> None:
    """Raises Forbidden unless the actor may for every park that the entry serves, or is to serve."""
    access.check(uow.actor, MANAGE, park=next(iter(uow.actor.parks), ""))
    for park in {*parks, *(organization.given.parks if organization else ())}:
        access.check(uow.actor, MANAGE, park=park)


def _sees_contact(uow: ProvidersWork) -> bool:
    try:
        access.check(uow.actor, "read_organization_contact", organization=uow.actor.organization)
    except Forbidden:
        return False
    return True


def _reason(text: str) -> str:
    if not text.strip():
        raise Invalid("请检查填写的内容", fields={"reason": "请写明原因"})
    if len(text) > REASON_LIMIT:
        raise Invalid("请检查填写的内容", fields={"reason": "最多写 500 个字"})
    return text.strip()
