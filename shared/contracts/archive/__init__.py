"""What archive takes and says (clauses 6.7, 7.2.3)."""

from shared.contracts.archive.dossiers import *
from shared.contracts.archive.grants import *
from shared.contracts.archive.ledger import *
from shared.contracts.archive.search import *
