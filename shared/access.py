"""Who may do what, where: one table, checked in the service that owns the data."""

from dataclasses import dataclass
from enum import StrEnum

from shared.errors import Forbidden


class Role(StrEnum):
    PUBLIC = "public"  # anyone, not signed in
    CLIENT = "client"
    STAFF = "staff"
    ORGANIZATION = "organization"
    OPERATOR = "operator"
    REGULATOR = "regulator"
    ADMIN = "admin"
    SYSTEM = "system"  # one of our own services, acting on an event or a clock


class Scope(StrEnum):
    ANY = "any"  # whoever has the role
    PARK = "park"  # only in the actor's parks
    OWN = "own"  # only the actor's own requests
    ORGANIZATION = "organization"  # only what concerns the actor's organization


EVERYWHERE = "*"


@dataclass(frozen=True, kw_only=True)
class Actor:
    """Who acts. `parks` holds park codes or EVERYWHERE; `requests` the ids of own requests; `organization` its code."""

    id: str
    role: str
    name: str = ""
    parks: tuple[str, ...] = ()
    requests: tuple[str, ...] = ()
    organization: str = ""
    client: str = ""  # the credit code of the enterprise whose account it is


def system(service: str) -> Actor:
    return Actor(id=service, role=Role.SYSTEM, parks=(EVERYWHERE,))


_STAFF = {Role.STAFF: Scope.PARK, Role.OPERATOR: Scope.PARK, Role.ADMIN: Scope.ANY}
_READERS = {**_STAFF, Role.REGULATOR: Scope.PARK}
_ORGANIZATION = {Role.ORGANIZATION: Scope.ORGANIZATION}
_ANYONE = dict.fromkeys(Role, Scope.ANY)

RULES: dict[str, dict[Role, Scope]] = {
    # action: role -> scope
    "submit_need": {**_ANYONE, Role.SYSTEM: Scope.PARK},  # a program states needs of its own parks
    "suggest_category": _ANYONE,
    "read_station": _ANYONE,
    "list_standings": _ANYONE,  # nothing personal, nothing of what was said
    "open_with_code": _ANYONE,  # the number and the code are the proof
    "answer_survey": _ANYONE,  # the link's token is the proof
    "complain": _ANYONE,  # without a name, if they like
    "read_figures": _READERS,
    "complain_of_request": {**_STAFF, Role.CLIENT: Scope.OWN},
    "read_complaint": {**_READERS, Role.CLIENT: Scope.OWN},
    "handle_complaint": _STAFF,
    "answer_decision": {**_STAFF, Role.CLIENT: Scope.OWN},  # accept, appeal, withdraw; staff on its behalf
    "read_request": {**_READERS, Role.CLIENT: Scope.OWN},
    "read_contact": _STAFF,
    "take_chat": {Role.SYSTEM: Scope.ANY},  # what a messenger delivered
    "import_visits": _STAFF,  # needs collected on visits, many at once
    "read_client": _STAFF,  # an enterprise with its requests, contacts and consents
    "identify_client": _STAFF,
    "handle_mail": _STAFF,  # mails that were set aside
    "write_to_client": _STAFF,
    "read_messages": {**_STAFF, Role.CLIENT: Scope.OWN},
    "add_attachment": {**_STAFF, Role.CLIENT: Scope.OWN},
    "list_own_requests": {Role.CLIENT: Scope.ANY},  # of the enterprise whose account it is
    "record_consent": {**_STAFF, Role.CLIENT: Scope.OWN},
    "read_consent": {**_READERS, Role.CLIENT: Scope.OWN, Role.SYSTEM: Scope.ANY},
    "share_contact": {**_STAFF, Role.SYSTEM: Scope.ANY},  # with an organization that has the consent
    "read_timeline": {**_READERS, Role.CLIENT: Scope.OWN},
    "read_notices": {**_READERS, Role.CLIENT: Scope.OWN},
    "list_items": _READERS,
    "handle_item": _STAFF,  # accept, assess, answer, merge, refuse, deliver
    "report_progress": {**_STAFF, **_ORGANIZATION},  # of the job they serve; to deliver part of it, or to give it up
    "read_following": {**_READERS, **_ORGANIZATION},
    "hand_over": _STAFF,
    "answer_notice": {**_STAFF, Role.CLIENT: Scope.OWN},
    "reopen_item": {**_STAFF, Role.CLIENT: Scope.OWN},
    "withdraw_item": {**_STAFF, Role.CLIENT: Scope.OWN},
    "book": {**_STAFF, Role.CLIENT: Scope.OWN},  # choose, move and cancel the time of an appointment
    "read_calendar": _READERS,
    "manage_resources": {**_STAFF, Role.SYSTEM: Scope.ANY},
    "list_dossiers": _READERS,
    "read_dossier": {**_READERS, Role.CLIENT: Scope.OWN},
    "ask_dossier_access": _READERS,
    "decide_dossier_access": {Role.OPERATOR: Scope.PARK, Role.ADMIN: Scope.ANY},
    "open_dossier": {**_READERS, Role.CLIENT: Scope.OWN},  # with a grant; the client its own without
    "keep_dossiers": _STAFF,  # supply what is missing, add to what is sealed
    "answer_offer": {**_STAFF, **_ORGANIZATION},  # accept, decline, start, deliver; staff on its behalf
    "read_offer": {**_READERS, **_ORGANIZATION},
    "agree_terms": {**_STAFF, **_ORGANIZATION, Role.CLIENT: Scope.OWN},
    "read_terms": {**_READERS, **_ORGANIZATION, Role.CLIENT: Scope.OWN},
    "set_weights": {Role.OPERATOR: Scope.PARK, Role.ADMIN: Scope.ANY},  # of the district: every park
    "read_organization": {**dict.fromkeys(_READERS, Scope.ANY), **_ORGANIZATION},
    "read_organization_contact": {**dict.fromkeys(_STAFF, Scope.ANY), **_ORGANIZATION},
    "manage_organizations": {Role.OPERATOR: Scope.PARK, Role.ADMIN: Scope.ANY, Role.SYSTEM: Scope.ANY},
    "configure": {Role.OPERATOR: Scope.PARK, Role.ADMIN: Scope.ANY, Role.SYSTEM: Scope.ANY},  # hours, limits, chains
    "note_absence": _STAFF,
    "read_duty": _READERS,  # who is away, who hears of what is late
    "load_district": {Role.ADMIN: Scope.ANY, Role.SYSTEM: Scope.ANY},
}


def check(actor: Actor, action: str, *, park: str = "", request_id: str = "", organization: str = "") -> None:
    """Raises Forbidden unless the table lets this actor do this to this park, request or organization."""
    scope = RULES[action].get(Role(actor.role))
    allowed = (
        scope is Scope.ANY
        or (scope is Scope.PARK and bool({park, EVERYWHERE} & set(actor.parks)))
        or (scope is Scope.OWN and request_id in actor.requests)
        or (scope is Scope.ORGANIZATION and organization != "" and organization == actor.organization)
    )
    if not allowed:
        raise Forbidden("您没有权限做这件事，请联系服务站负责人")


def parks_of(actor: Actor, action: str) -> tuple[str, ...]:
    """The parks this actor may do this in, for lists; EVERYWHERE means all. Raises Forbidden."""
    scope = RULES[action].get(Role(actor.role))
    if scope is Scope.ANY:
        return (EVERYWHERE,)
    if scope is Scope.PARK and actor.parks:
        return actor.parks
    raise Forbidden("您没有权限做这件事，请联系服务站负责人")
