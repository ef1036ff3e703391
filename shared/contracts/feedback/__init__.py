"""What feedback takes and says: results told, satisfaction measured, complaints settled (clauses 6.5, 6.6)."""

from shared.contracts.feedback.complaint_events import *
from shared.contracts.feedback.complaints import *
from shared.contracts.feedback.revisits import *
from shared.contracts.feedback.satisfaction import *
from shared.contracts.feedback.told import *
