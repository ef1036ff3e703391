"""Station on the bus: every entrypoint, nothing else."""

from services.station import store
from services.station.handlers import absences, settings, stations
from shared.bus import Work, rpc
from shared.contracts.station import (
    EndAbsence,
    GetCalendar,
    GetChain,
    GetLimits,
    GetStation,
    ListAbsences,
    ListStations,
    ListYears,
    LoadDistrict,
    NoteAbsence,
    PublishYear,
    SetCalendar,
    SetChain,
    SetLimits,
)
from shared.metrics import Metrics


class StationService:
    """Knows the district's parks and stations, their hours and limits, and tells the others."""

    name = "station"

    uow = Work(store.UnitOfWork)
    metrics = Metrics()

    @rpc(LoadDistrict)
    def load_district(self, command):
        return stations.load_district(command, self.uow)

    @rpc(ListStations)
    def list_stations(self, query):
        return stations.list_stations(query, self.uow)

    @rpc(GetStation)
    def get_station(self, query):
        return stations.get_station(query, self.uow)

    @rpc(SetCalendar)
    def set_calendar(self, command):
        return settings.set_calendar(command, self.uow)

    @rpc(PublishYear)
    def publish_year(self, command):
        return settings.publish_year(command, self.uow)

    @rpc(SetLimits)
    def set_limits(self, command):
        return settings.set_limits(command, self.uow)

    @rpc(SetChain)
    def set_chain(self, command):
        return settings.set_chain(command, self.uow)

    @rpc(GetCalendar)
    def get_calendar(self, query):
        return settings.get_calendar(query, self.uow)

    @rpc(ListYears)
    def list_years(self, query):
        return settings.list_years(query, self.uow)

    @rpc(GetLimits)
    def get_limits(self, query):
        return settings.get_limits(query, self.uow)

    @rpc(GetChain)
    def get_chain(self, query):
        return settings.get_chain(query, self.uow)

    @rpc(NoteAbsence)
    def note_absence(self, command):
        return absences.note_absence(command, self.uow)

    @rpc(EndAbsence)
    def end_absence(self, command):
        return absences.end_absence(command, self.uow)

    @rpc(ListAbsences)
    def list_absences(self, query):
        return absences.list_absences(query, self.uow)
