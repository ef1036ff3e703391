"""Station on the bus: every entrypoint, nothing else."""

from services.station import handlers, store
from shared.bus import Work, rpc
from shared.contracts.station import GetStation, ListStations, LoadDistrict
from shared.metrics import Metrics


class StationService:
    """Knows the district's parks and stations, and tells the others."""

    name = "station"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @rpc(LoadDistrict)
    def load_district(self, command):
        return handlers.load_district(command, self.uow)

    @rpc(ListStations)
    def list_stations(self, query):
        return handlers.list_stations(query, self.uow)

    @rpc(GetStation)
    def get_station(self, query):
        return handlers.get_station(query, self.uow)
