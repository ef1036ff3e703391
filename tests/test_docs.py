"""What README and docs say is there: settings, commands, make targets, and whatever they link to."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.main import get_command

from deploy.cli.main import typer_app
from services.providers.plugin import ENTRY_POINTS

README = Path("README.md")
OPERATING = Path("docs/operating.md")
PAGES = [README, Path("CONTRIBUTING.md"), *sorted(Path("docs").rglob("*.md"))]
SETTING = re.compile(r'env\.\w+\(\s*"(\w+)"')
METRIC = re.compile(r'"(nqi_\w+?)"')
LINK = re.compile(r"\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```(?:\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`([^`\n]+)`")


def code(page: Path) -> Iterator[str]:
    """Every line of code a page shows, in blocks and between backticks."""
    text = page.read_text()
    for block in BLOCK.findall(text):
        yield from block.replace("\\\n", " ").splitlines()
    yield from INLINE.findall(BLOCK.sub("", text))


def spoken(page: Path, program: str) -> set[tuple[str, ...]]:
    """What follows `program` at the beginning of a line of code, up to the first option or argument."""
    found = set()
    for line in code(page):
        words = line.removeprefix(".venv/bin/").split()
        if words and words[0] == program:
            found.add(tuple(words[1:]))
    return found


def test_every_setting_is_a_row_of_the_table():
    settings = set(SETTING.findall(Path("shared/config.py").read_text()))
    rows = set(re.findall(r"^\| `(\w+)` \|", OPERATING.read_text(), re.MULTILINE))
    assert {"NQI_HOME", "AMQP_URI", "CRASH_AT"} <= settings
    assert settings - rows == set()
    assert {row for row in rows if row.isupper()} - settings == set()


def test_every_metric_is_described():
    sources = [Path("shared/metrics.py"), Path("services/gateway/shell.py"), Path("services/intake/mail/round.py")]
    metrics = {name for source in sources for name in METRIC.findall(source.read_text())}
    rows = set(re.findall(r"^\| `(nqi_\w+)` \|", OPERATING.read_text(), re.MULTILINE))
    assert len(metrics) >= 8
    assert rows == metrics


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_command_exists(page):
    root = get_command(typer_app)
    assert isinstance(root, typer.core.TyperGroup)
    for words in spoken(page, "nqi"):
        group = root
        for word in words:
            if not isinstance(group, typer.core.TyperGroup) or word.startswith("-") or word == "...":
                break
            assert word in group.commands, f"nqi {' '.join(words)}"
            group = group.commands[word]
        if not isinstance(group, typer.core.TyperGroup):
            known = {name for option in group.params for name in option.opts}
            options = {word for word in words if word.startswith("--")}
            assert options <= known | {"--help"}, f"nqi {' '.join(words)}"


def test_readme_shows_the_commands_people_need():
    shown = {words[0] for words in spoken(README, "nqi") if words}
    assert {"submit", "track", "replay", "run", "verify", "dead", "user", "doctor"} <= shown


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_make_target_exists(page):
    targets = set(re.findall(r"^([a-z-]+):", Path("Makefile").read_text(), re.MULTILINE))
    for words in spoken(page, "make"):
        wanted = {word for word in words if re.fullmatch(r"[a-z-]+", word)}
        assert wanted <= targets, f"make {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_every_relative_link_resolves(page):
    for link in LINK.findall(page.read_text()):
        if "://" not in link and not link.startswith("#"):
            assert (page.parent / link.partition("#")[0]).exists(), link


def test_pictures_are_light_enough_to_be_read_on_a_phone():
    pictures = [Path(link) for link in LINK.findall(README.read_text()) if link.endswith((".png", ".svg"))]
    assert len(pictures) == 2
    assert all(picture.stat().st_size < 500_000 for picture in pictures)


def test_the_entry_point_group_is_named_as_the_code_names_it():
    for page in (README, Path("docs/partners.md"), Path("CONTRIBUTING.md")):
        assert ENTRY_POINTS in page.read_text(), page
