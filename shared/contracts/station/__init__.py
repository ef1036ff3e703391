"""What station takes and says: parks, stations, their hours, limits and absences (clauses 4.1 to 4.3, 7.2.1)."""

from shared.contracts.station.absences import *
from shared.contracts.station.calendars import *
from shared.contracts.station.limits import *
from shared.contracts.station.stations import *
