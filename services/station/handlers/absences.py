"""What station does about absences of staff: one function each."""

from services.station.domain.absences import Absence, check_own, concerns, found
from services.station.handlers.work import StationWork
from shared import access
from shared.contracts.station import AbsenceList, AbsenceView, EndAbsence, ListAbsences, NoteAbsence


def note_absence(command: NoteAbsence, uow: StationWork) -> AbsenceView:
    for park in command.parks or ("",):
        access.check(uow.actor, "note_absence", park=park)
    check_own(uow.actor, command.account)
    with uow:
        absence = Absence.of(command, uow.new_id(), uow.actor.name or uow.actor.id, uow.now)
        uow.absences.add(absence)
        uow.say(absence.noted())
        return uow.commit(absence.view())


def end_absence(command: EndAbsence, uow: StationWork) -> AbsenceView:
    with uow:
        absence = found(uow.absences.get(command.absence_id))
        for park in absence.parks:
            access.check(uow.actor, "note_absence", park=park)
        check_own(uow.actor, absence.account)
        absence.end(uow.now)
        uow.absences.put(absence)
        uow.say(absence.ended())
        return uow.commit(absence.view())


def list_absences(query: ListAbsences, uow: StationWork) -> AbsenceList:
    parks = access.parks_of(uow.actor, "read_duty")
    if query.park:
        access.check(uow.actor, "read_duty", park=query.park)
        parks = (query.park,)
    with uow:
        ahead = uow.absences.ahead(uow.now)
    return AbsenceList(absences=tuple(one.view() for one in ahead if concerns(one, parks)))
