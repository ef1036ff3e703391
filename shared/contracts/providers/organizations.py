"""The register of organizations: who may serve what, where, until when (clause 7.2.2)."""

from dataclasses import dataclass

from shared.contracts.base import Answer, Command, Event, Query


@dataclass(frozen=True, kw_only=True)
class Qualification(Answer):
    """`items` are lettered items such as 5.4.b, none for all that the organization serves; `expires_on` is a day."""

    scope: str
    number: str
    issuer: str
    expires_on: str
    items: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class OrganizationRegistered(Event):
    """An organization is on the register, or its entry changed: all that others may know, no personal data.

    `version` counts the changes; a reader drops what is older. `excluded` is why a complaint keeps it out, if one does.
    """

    heard_by = ("dispatch",)
    organization: str
    version: int
    name: str
    items: tuple[str, ...]
    parks: tuple[str, ...]
    qualifications: tuple[Qualification, ...]
    capacity: int
    status: str
    joined_on: str
    industries: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    distance: str = ""
    price: str = ""
    excluded: str = ""


@dataclass(frozen=True, kw_only=True)
class GivenOrganization(Answer):
    """`parks` may be `*` for all; `desks` are parks where it is on site; `capacity` is how many jobs at once.

    `distance`: near, city or far; `price`: low, middle or high. The contact is kept here and goes nowhere else.
    """

    code: str
    name: str
    items: tuple[str, ...]
    parks: tuple[str, ...]
    capacity: int
    joined_on: str
    qualifications: tuple[Qualification, ...] = ()
    industries: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    distance: str = "city"
    price: str = "middle"
    contact_name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganizationView(Answer):
    """The contact is empty for those it is not for."""

    organization: GivenOrganization
    version: int
    status: str
    status_reason: str = ""
    excluded: str = ""
    allowed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PutOrganization(Command):
    """Enter an organization in the register, or change its entry; `fresh` refuses a code that is taken."""

    returns = OrganizationView
    organization: GivenOrganization
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class SuspendOrganization(Command):
    """It gets no new offers until it is resumed; what it has in hand stays with it."""

    returns = OrganizationView
    code: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ResumeOrganization(Command):
    returns = OrganizationView
    code: str


@dataclass(frozen=True, kw_only=True)
class ExcludeOrganization(Command):
    """A complaint keeps it out of matching; an empty reason lets it in again."""

    returns = OrganizationView
    code: str
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class OrganizationsImported(Answer):
    """Codes by what happened to them, or would happen where nothing was to be changed yet."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ImportOrganizations(Command):
    """All of them, or with one wrong field none. `preview` only says what would happen."""

    returns = OrganizationsImported
    organizations: tuple[GivenOrganization, ...]
    preview: bool = False


@dataclass(frozen=True, kw_only=True)
class GetOrganization(Query):
    returns = OrganizationView
    code: str


@dataclass(frozen=True, kw_only=True)
class OrganizationList(Answer):
    organizations: tuple[OrganizationView, ...]


@dataclass(frozen=True, kw_only=True)
class ListOrganizations(Query):
    """By code. `park` and `item` leave out who does not serve them."""

    returns = OrganizationList
    park: str = ""
    item: str = ""
    status: str = ""
    search: str = ""
