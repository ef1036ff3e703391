"""Archive on the bus: every entrypoint, nothing else."""

from services.archive import handlers, store
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
        handlers.record(batch, self.uow)

    @every(0.5)
    def seal_dossiers(self):
        handlers.seal_dossiers(self.uow)

    @rpc(GetTimeline)
    def get_timeline(self, query):
        return handlers.get_timeline(query, self.uow)

    @rpc(ListDossiers)
    def list_dossiers(self, query):
        return handlers.list_dossiers(query, self.uow)
