"""Providers on the bus: every plugin gets queues of its own."""

from services.providers import handlers, plugins, store
from services.providers.plugin import provides
from shared.bus import Announce, Work, every, on, rpc
from shared.config import settings
from shared.contracts.dispatch import JobOffered, JobWithdrawn
from shared.contracts.providers import FinishJob, GetJob
from shared.metrics import Metrics

provides.discover(plugins)
if settings().only:
    provides.keep(list(settings().only))


class ProvidersService:
    """Announces each plugin as a dispatch target, hands it its jobs and delivers what it says."""

    name = "providers"

    uow = Work(store.UnitOfWork)
    announce = Announce()
    metrics = Metrics()

    @every(settings().lease_seconds / 3, eager=True)
    def announce_targets(self):
        handlers.announce_targets(provides, settings().lease_seconds, self.announce)

    @on(JobOffered, *provides.codes)
    def on_job_offered(self, event):
        handlers.consider_job(event, provides, self.uow)

    @on(JobWithdrawn, *provides.codes)
    def on_job_withdrawn(self, event):
        handlers.withdraw_job(event, self.uow)

    @rpc(FinishJob)
    def finish_job(self, command):
        return handlers.finish_job(command, provides, self.uow)

    @rpc(GetJob)
    def get_job(self, query):
        return handlers.get_job(query, self.uow)
