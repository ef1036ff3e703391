"""What providers' handlers are handed."""

from typing import Protocol
from zoneinfo import ZoneInfo

from services.providers.domain.jobs import Jobs
from services.providers.domain.organizations import Organizations, Parks
from services.providers.plugin import Desk
from shared.ports import Work


class ProvidersWork(Work, Protocol):
    jobs: Jobs
    desk: Desk
    organizations: Organizations
    parks: Parks
    zone: ZoneInfo
