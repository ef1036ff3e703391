"""What intake does about parks."""

from services.intake.handlers.work import IntakeWork
from shared.contracts.station import StationOpened


def know_park(event: StationOpened, uow: IntakeWork) -> None:
    with uow:
        uow.parks.put(event.park, event.short)
        uow.commit()
