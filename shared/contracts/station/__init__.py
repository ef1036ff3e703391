"""What station takes and says: the district, its parks and their stations (clauses 4.1 to 4.3)."""

from shared.contracts.station.stations import *
