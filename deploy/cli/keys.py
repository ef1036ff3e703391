"""`nqi keys rotate`: a new key for what the archive keeps."""

import typer
from rich.console import Console

from services.archive.bag import shelf
from shared.config import settings

console = Console()


def rotate() -> None:
    """Encrypt the key of each sealed dossier with a new one; the system may run meanwhile."""
    done, failed, gone = shelf(settings().home).rotate()
    for path in failed:
        console.print(f"[red]fault[/] {path}: its key cannot be opened", highlight=False, soft_wrap=True)
    console.print(f"{done} dossiers have the new key, {gone} old keys are forgotten", highlight=False)
    if failed:
        raise typer.Exit(1)
