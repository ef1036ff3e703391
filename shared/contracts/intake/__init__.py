"""What intake takes and says: needs as stated (clause 6.2)."""

from shared.contracts.intake.alike import *
from shared.contracts.intake.channels import *
from shared.contracts.intake.chats import *
from shared.contracts.intake.clients import *
from shared.contracts.intake.consents import *
from shared.contracts.intake.files import *
from shared.contracts.intake.mails import *
from shared.contracts.intake.requests import *
from shared.contracts.intake.submissions import *
from shared.contracts.intake.visits import *
