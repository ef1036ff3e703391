"""Providers on the bus: every plugin gets queues of its own."""

from services.providers import plugins, store
from services.providers.handlers import jobs, organizations
from services.providers.plugin import provides
from shared.bus import Announce, Work, every, on, rpc
from shared.config import settings
from shared.contracts.dispatch import JobOffered, JobWithdrawn
from shared.contracts.feedback import ComplaintConfirmed
from shared.contracts.providers import (
    ExcludeOrganization,
    FinishJob,
    GetJob,
    GetOrganization,
    ImportOrganizations,
    ListOrganizations,
    PutOrganization,
    ReportJob,
    ResumeOrganization,
    SuspendOrganization,
)
from shared.contracts.station import StationOpened
from shared.metrics import Metrics

provides.discover(plugins)
if settings().only:
    provides.keep(list(settings().only))


class ProvidersService:
    """Announces each plugin as a dispatch target, hands it its jobs, and keeps the register of organizations."""

    name = "providers"

    uow = Work(store.UnitOfWork)
    announce = Announce()
    metrics = Metrics()

    @every(settings().lease_seconds / 3, eager=True)
    def announce_targets(self):
        jobs.announce_targets(provides, settings().lease_seconds, self.announce)

    @on(JobOffered, *provides.codes)
    def on_job_offered(self, event):
        jobs.consider_job(event, provides, self.uow)

    @on(JobWithdrawn, *provides.codes)
    def on_job_withdrawn(self, event):
        jobs.withdraw_job(event, self.uow)

    @on(ComplaintConfirmed)
    def on_complaint_confirmed(self, event):
        organizations.hear_complaint(event, self.uow)

    @on(StationOpened)
    def on_station_opened(self, event):
        organizations.know_park(event, self.uow)

    @rpc(FinishJob)
    def finish_job(self, command):
        return jobs.finish_job(command, provides, self.uow)

    @rpc(ReportJob)
    def report_job(self, command):
        return jobs.report_job(command, self.uow)

    @rpc(GetJob)
    def get_job(self, query):
        return jobs.get_job(query, self.uow)

    @rpc(PutOrganization)
    def put_organization(self, command):
        return organizations.put_organization(command, provides, self.uow)

    @rpc(ImportOrganizations)
    def import_organizations(self, command):
        return organizations.import_organizations(command, provides, self.uow)

    @rpc(SuspendOrganization)
    def suspend_organization(self, command):
        return organizations.suspend_organization(command, self.uow)

    @rpc(ResumeOrganization)
    def resume_organization(self, command):
        return organizations.resume_organization(command, self.uow)

    @rpc(ExcludeOrganization)
    def exclude_organization(self, command):
        return organizations.exclude_organization(command, self.uow)

    @rpc(GetOrganization)
    def get_organization(self, query):
        return organizations.get_organization(query, self.uow)

    @rpc(ListOrganizations)
    def list_organizations(self, query):
        return organizations.list_organizations(query, self.uow)
