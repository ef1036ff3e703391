"""What the handlers of providers' register are handed, without a database."""

from copy import deepcopy
from typing import Any

from services.providers.domain.organizations import Organization
from tests.fakes import FakeWork


class FakeOrganizations:
    """The register of providers."""

    def __init__(self, work: FakeWork) -> None:
        self._work = work

    @property
    def _kept(self) -> dict[str, Organization]:
        return self._work.kept.setdefault("register", {})

    def get(self, code: str) -> Organization | None:
        return deepcopy(self._kept.get(code))

    def add(self, organization: Organization) -> bool:
        return self._kept.setdefault(organization.code, deepcopy(organization)) == organization

    def put(self, organization: Organization) -> None:
        self._kept[organization.code] = deepcopy(organization)

    def all(self) -> list[Organization]:
        return deepcopy(sorted(self._kept.values(), key=lambda one: one.code))


class FakeParks:
    def __init__(self, work: FakeWork) -> None:
        self._work = work

    def put(self, park: str) -> None:
        self._work.kept.setdefault("parks", set()).add(park)

    def all(self) -> set[str]:
        return set(self._work.kept.get("parks", ()))


class FakeRegister(FakeWork):
    """What the handlers of providers' register are handed."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.organizations, self.parks = FakeOrganizations(self), FakeParks(self)
