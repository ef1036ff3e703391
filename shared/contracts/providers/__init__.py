"""What providers take and say: dispatch targets, jobs and their results (clauses 5.1 to 5.9)."""

from shared.contracts.providers.jobs import *
