"""`python -m tests.probe.process SERVICE`: the usual process, which also finds the probe among the services."""

import sys
from pathlib import Path

import services
from deploy.local.process import main

services.__path__.append(str(Path(__file__).parent))

if __name__ == "__main__":
    sys.exit(main())
