"""One service as a process: `python -m deploy.local.process SERVICE`. Nothing is imported before it patches."""

import ctypes
import os
import signal
import sys
import warnings
from importlib import import_module

SUPERVISOR = "NQI_SUPERVISOR"  # set by the supervisor to its pid: its children end when it does
PR_SET_PDEATHSIG = 1


def main() -> int:
    service = sys.argv[1]
    if SUPERVISOR in os.environ:
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != int(os.environ[SUPERVISOR]):
            return 1  # it died before we asked to be told
    warnings.filterwarnings("ignore", r"\s*Eventlet is deprecated")  # docs/decisions says why we stay with it
    host = import_module("services.gateway.host" if service == "gateway" else "shared.bus.host")
    config = import_module("shared.config")
    try:
        host.serve(service)
    except (config.CannotStart, config.WrongSettings) as error:
        print(f"nqi {service}: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
