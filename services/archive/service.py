"""Archive on the bus: every entrypoint, nothing else."""

from services.archive import store
from services.archive.handlers import dossiers, grants, ledger, search
from shared.bus import Work, every, on_all, rpc
from shared.contracts.archive import (
    AmendDossier,
    AskDossierAccess,
    DecideDossierAccess,
    GetDossier,
    GetTimeline,
    KeepDossierPrint,
    ListDossiers,
    ListGrants,
    OpenDossier,
    SearchDossiers,
    SupplyDossierPart,
)
from shared.metrics import Metrics


class ArchiveService:
    """Hears everything, keeps it in order, and files the dossier of each service item."""

    name = "archive"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on_all()
    def on_event(self, batch):
        ledger.record(batch, self.uow)

    @every(0.5)
    def seal_dossiers(self):
        dossiers.seal_dossiers(self.uow)

    @every(60)
    def check_dossiers(self):
        dossiers.check_dossiers(self.uow)

    @every(60)
    def list_sealed(self):
        search.list_sealed(self.uow)

    @rpc(GetTimeline)
    def get_timeline(self, query):
        return ledger.get_timeline(query, self.uow)

    @rpc(ListDossiers)
    def list_dossiers(self, query):
        return dossiers.list_dossiers(query, self.uow)

    @rpc(SearchDossiers)
    def search_dossiers(self, query):
        return search.search_dossiers(query, self.uow)

    @rpc(GetDossier)
    def get_dossier(self, query):
        return dossiers.get_dossier(query, self.uow)

    @rpc(SupplyDossierPart)
    def supply_dossier_part(self, command):
        return dossiers.supply_dossier_part(command, self.uow)

    @rpc(AmendDossier)
    def amend_dossier(self, command):
        return dossiers.amend_dossier(command, self.uow)

    @rpc(KeepDossierPrint)
    def keep_dossier_print(self, command):
        return dossiers.keep_dossier_print(command, self.uow)

    @rpc(ListGrants)
    def list_grants(self, query):
        return grants.list_grants(query, self.uow)

    @rpc(AskDossierAccess)
    def ask_dossier_access(self, command):
        return grants.ask_dossier_access(command, self.uow)

    @rpc(DecideDossierAccess)
    def decide_dossier_access(self, command):
        return grants.decide_dossier_access(command, self.uow)

    @rpc(OpenDossier)
    def open_dossier(self, command):
        return grants.open_dossier(command, self.uow)
