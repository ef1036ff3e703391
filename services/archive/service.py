"""Archive on the bus: every entrypoint, nothing else."""

from services.archive import store
from services.archive.handlers import dossiers, ledger
from shared.bus import Work, every, on_all, rpc
from shared.contracts.archive import GetTimeline, ListDossiers
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

    @rpc(GetTimeline)
    def get_timeline(self, query):
        return ledger.get_timeline(query, self.uow)

    @rpc(ListDossiers)
    def list_dossiers(self, query):
        return dossiers.list_dossiers(query, self.uow)
