"""Says in `home/run` which processes run, and on which port each has its metrics, in the form Prometheus discovers."""

import json
import os
from pathlib import Path


def tell(home: Path, service: str, host: str, port: int) -> Path:
    """Write this process's file, whole from the first moment that anybody can see it; returns where it is."""
    file = home / "run" / f"{service}-{os.getpid()}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".fresh")
    fresh.write_text(
        json.dumps([{"targets": [f"{host}:{port}"], "labels": {"service": service, "pid": str(os.getpid())}}])
    )
    return fresh.replace(file)
