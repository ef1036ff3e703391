"""What dispatch takes and says: service items from assessment to closing (clauses 6.3, 6.4)."""

from shared.contracts.dispatch.advice import *
from shared.contracts.dispatch.appointments import *
from shared.contracts.dispatch.checks import *
from shared.contracts.dispatch.clocks import *
from shared.contracts.dispatch.due import *
from shared.contracts.dispatch.duplicates import *
from shared.contracts.dispatch.follow_ups import *
from shared.contracts.dispatch.following import *
from shared.contracts.dispatch.handovers import *
from shared.contracts.dispatch.items import *
from shared.contracts.dispatch.matching import *
from shared.contracts.dispatch.notices import *
from shared.contracts.dispatch.offers import *
from shared.contracts.dispatch.outcomes import *
from shared.contracts.dispatch.resources import *
from shared.contracts.dispatch.splits import *
from shared.contracts.dispatch.standings import *
from shared.contracts.dispatch.targets import *
from shared.contracts.dispatch.terms import *
