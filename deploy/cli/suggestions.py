"""`nqi evaluate-suggestions`: how often the category suggestion is right on a file of needs."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from deploy.demo.replay import Malformed, Need, read
from services.dispatch.domain.suggestion import Model
from services.dispatch.domain.targets import Target
from services.dispatch.handlers.advice import suggested
from services.providers import plugins
from services.providers.plugin import provides
from shared.contracts.dispatch import Guess, Guesses
from shared.errors import Invalid

console = Console()


@dataclass(frozen=True)
class Tried:
    """One need, and what was suggested for it."""

    need: Need
    found: Guesses

    @property
    def guesses(self) -> tuple[Guess, ...]:
        return self.found.guesses

    @property
    def first(self) -> bool:
        """The best guess is right; for what is no need: it was recognised as a question."""
        if self.need.item is None:
            return self.found.question is not None
        return bool(self.guesses) and self.guesses[0].item == self.need.item

    @property
    def among(self) -> bool:
        return self.first or self.need.item in [guess.item for guess in self.guesses]


def installed() -> Model:
    """What the plugins of this installation teach, with nothing that staff corrected."""
    if not provides.codes:
        provides.discover(plugins)
    now = datetime.now(UTC)
    return Model(Target(target=p.code, manifest=p.manifest(), lease_until=now, seen_at=now) for p in provides)


def try_all(needs: Iterable[Need], model: Model) -> list[Tried]:
    return [Tried(need, suggested(need.text, model)) for need in needs]


def evaluate_suggestions(
    file: Annotated[Path, typer.Argument(help="A JSON-lines file of needs with their right items.", exists=True)],
    raw: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """How often the first suggestion is right, how often one of three is, and where it is not."""
    lines = list(read(file.read_text(encoding="utf-8", errors="replace").splitlines()))
    if wrong := [line for line in lines if isinstance(line, Malformed)]:
        raise Invalid(f"{file}: {wrong[0]}")
    tried = try_all((line for line in lines if isinstance(line, Need)), installed())
    needs = [one for one in tried if one.need.item is not None]
    questions = [one for one in tried if one.need.item is None]
    if not needs:
        raise Invalid(f"{file}: names no right item")
    figures = {
        "needs": len(needs),
        "top1": round(sum(one.first for one in needs) / len(needs), 4),
        "top3": round(sum(one.among for one in needs) / len(needs), 4),
        "questions": len(questions),
        "recognised": sum(one.first for one in questions),
        "misses": [
            {"id": one.need.id, "right": one.need.item, "suggested": [guess.item for guess in one.guesses]}
            for one in tried
            if not one.first
        ],
    }
    if raw:
        print(json.dumps(figures, ensure_ascii=False, indent=1))
        return
    _show(tried, figures)


def _show(tried: list[Tried], figures: dict[str, object]) -> None:
    console.print(
        f"{figures['needs']} needs: top-1 {figures['top1']:.3f}, top-3 {figures['top3']:.3f}; "
        f"{figures['recognised']} of {figures['questions']} questions recognised",
        highlight=False,
    )
    table = Table("need", "right", "suggested, with the words that spoke for it", "text", box=None)
    for one in tried:
        if not one.first:
            said = "\n".join(f"{guess.item}  {' '.join(guess.words)}" for guess in one.guesses)
            table.add_row(one.need.id, one.need.item or "no need", said or "nothing", one.need.text[:40])
    if table.row_count:
        console.print(table, highlight=False)
