"""Dispatch on the bus: what is asked of appointments, and of what they hold."""

from typing import Any

from services.dispatch.handlers import appointments, resources
from shared.bus import rpc
from shared.contracts.dispatch import (
    BeginService,
    BookAppointment,
    CancelAppointment,
    GetWeek,
    ListAppointments,
    ListFreeTimes,
    ListResources,
    MissAppointment,
    MoveAppointment,
    PutResource,
)


class AppointmentCalls:
    """The calls of staff and clients about when a service is, and where."""

    uow: Any  # a transaction, which the service injects

    @rpc(BookAppointment)
    def book_appointment(self, command):
        return appointments.book_appointment(command, self.uow)

    @rpc(MoveAppointment)
    def move_appointment(self, command):
        return appointments.move_appointment(command, self.uow)

    @rpc(CancelAppointment)
    def cancel_appointment(self, command):
        return appointments.cancel_appointment(command, self.uow)

    @rpc(MissAppointment)
    def miss_appointment(self, command):
        return appointments.miss_appointment(command, self.uow)

    @rpc(BeginService)
    def begin_service(self, command):
        return appointments.begin_service(command, self.uow)

    @rpc(ListAppointments)
    def list_appointments(self, query):
        return appointments.list_appointments(query, self.uow)

    @rpc(ListFreeTimes)
    def list_free_times(self, query):
        return appointments.list_free_times(query, self.uow)

    @rpc(PutResource)
    def put_resource(self, command):
        return resources.put_resource(command, self.uow)

    @rpc(ListResources)
    def list_resources(self, query):
        return resources.list_resources(query, self.uow)

    @rpc(GetWeek)
    def get_week(self, query):
        return resources.get_week(query, self.uow)
