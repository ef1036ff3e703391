"""What intake takes and says: needs as stated (clause 6.2)."""

from shared.contracts.intake.requests import *
