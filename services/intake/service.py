"""Intake on the bus: every entrypoint, nothing else."""

from services.intake import handlers, store
from shared.bus import Work, on, rpc
from shared.contracts.intake import GetContact, GetOwnRequest, GetRequest, SubmitNeed
from shared.contracts.station import StationOpened
from shared.metrics import Metrics


class IntakeService:
    """Takes needs as they are stated, numbers them, and keeps what is personal to itself."""

    name = "intake"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @on(StationOpened)
    def on_station_opened(self, event):
        handlers.know_park(event, self.uow)

    @rpc(SubmitNeed)
    def submit_need(self, command):
        return handlers.submit_need(command, self.uow)

    @rpc(GetOwnRequest)
    def get_own_request(self, query):
        return handlers.get_own_request(query, self.uow)

    @rpc(GetRequest)
    def get_request(self, query):
        return handlers.get_request(query, self.uow)

    @rpc(GetContact)
    def get_contact(self, query):
        return handlers.get_contact(query, self.uow)
