"""What providers take and say: dispatch targets, jobs and their results, and the register of organizations."""

from shared.contracts.providers.jobs import *
from shared.contracts.providers.organizations import *
