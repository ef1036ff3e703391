"""`nqi evaluate-suggestions` on files right and wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli.main import typer_app
from shared.errors import Invalid

NEEDS = Path(__file__).parents[3] / "deploy/demo/needs.jsonl"


def run(*arguments: str) -> str:
    done = CliRunner().invoke(typer_app, ["evaluate-suggestions", *arguments], catch_exceptions=False)
    assert done.exit_code == 0
    return done.output


def test_the_figures_and_the_misses_are_printed():
    said = run(str(NEEDS))
    assert "35 needs: top-1 0." in said
    assert "1 of 1 questions recognised" in said
    figures = json.loads(run(str(NEEDS), "--json"))
    assert figures["top3"] >= figures["top1"] >= 0.8
    assert len(figures["misses"]) == round(35 * (1 - figures["top1"]))


@pytest.mark.parametrize("line", ["{", '{"id": "N1"}', ""])
def test_a_file_that_cannot_be_used_says_why(tmp_path, line):
    file = tmp_path / "needs.jsonl"
    file.write_text(line)
    with pytest.raises(Invalid) as refused:
        run(str(file))
    assert str(file) in str(refused.value)
