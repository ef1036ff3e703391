"""`nqi verify`: is the archive what was written?"""

from datetime import UTC, datetime

import typer
from rich.console import Console

from services.archive.store import proof
from shared import store
from shared.config import settings

console = Console()


def verify() -> None:
    """Prove each station's whole ledger and every sealed dossier; names the first broken line, and what is wrong."""
    engine = store.connect("archive", pool=1)
    try:
        found = proof(engine, settings().home, datetime.now(UTC))
    finally:
        engine.dispose()
    for fault in found.faults:
        console.print(f"[red]fault[/] {fault}", highlight=False, soft_wrap=True)
    console.print(
        f"{found.lines} ledger lines, {found.registered} dossiers registered, {found.sound} sound on disk, "
        f"{len(found.faults)} faults",
        highlight=False, soft_wrap=True,
    )  # fmt: skip
    if found.faults:
        raise typer.Exit(1)
