"""Files that browsers load, and the rules that styles and templates keep."""

import re
from pathlib import Path

import pytest

from services.gateway import dues, reckoning
from services.gateway.assets import FILES, HERE, NODE_MODULES, STYLES, Assets

CSS = [HERE / "static/css" / f"nqi-{name}.css" for name in STYLES]
TEMPLATES = sorted((HERE / "templates").glob("*.html"))
SCRIPTS = sorted((HERE / "static").glob("*.js"))
CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
MADE_UP = {"wait", "act", "done", "hold", "end"}  # the shapes of words.py, after nqi-state-
CHIPS = {f"nqi-due-{style}" for style in dues.STYLES} | {f"nqi-sum-{style}" for style in reckoning.STYLES}


def selectors(path: Path) -> str:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)
    return " ".join(re.findall(r"([^{};]+)\{", text))


def defined() -> set[str]:
    return {name for path in CSS for name in CLASS.findall(selectors(path))}


def used() -> set[str]:
    words = re.compile(r"(?<![\w/.\"-])(nqi-[a-z0-9-]*[a-z0-9])")
    return {name for path in [*TEMPLATES, *SCRIPTS] for name in words.findall(path.read_text())} | {
        name
        for path in TEMPLATES
        for classes in re.findall(r'class="([^"]*)"', path.read_text())
        for name in re.findall(r"nqi-[a-z0-9-]*[a-z0-9]", classes)
    }


def test_every_class_of_ours_is_prefixed():
    assert not [name for name in defined() if not name.startswith("nqi-")]


def test_every_class_is_used_and_every_used_one_is_defined():
    states = {f"nqi-state-{shape}" for shape in MADE_UP}
    events = {"nqi-news"}  # a class and the event that fills it
    assert defined() - used() - states - CHIPS == set()
    assert used() - defined() - events - {"nqi-state-wait", "nqi-keys-off"} == set()


@pytest.mark.skipif(not NODE_MODULES.exists(), reason="the pages' files are not installed")
def test_no_class_of_ours_is_tablers():
    tabler = NODE_MODULES / "@tabler/core/dist/css/tabler.min.css"
    assert defined() & set(CLASS.findall(tabler.read_text())) == set()


@pytest.mark.parametrize("path", CSS[1:], ids=lambda p: p.name)
def test_colours_are_named_in_the_tokens_only(path):
    colours = re.findall(r"#[0-9a-f]{3,8}\b", re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S))
    assert set(colours) <= {"#000"}  # the slip is black on white


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_hold_no_style_and_no_script_of_their_own(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=|javascript:", text)
    assert all(" src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_every_form_that_needs_one_bears_the_pages_token(path):
    for form in re.findall(r'<form[^>]*method="post".*?</form>', path.read_text(), flags=re.S):
        action = re.search(r'action="([^"]*)"', form)[1]
        if action.startswith(("/r/", "/desk", "{{ at }}", "/signout")):
            assert 'name="csrf"' in form, action


def test_a_files_address_names_its_content(tmp_path):
    assets = Assets(tmp_path)
    assert re.fullmatch(r"/static/[0-9a-f]{16}/nqi\.css", assets.url("nqi.css"))
    assert sorted(Path(one).name for one in assets.missing) == ["htmx.min.js", "tabler.min.css"]


def test_files_are_found_and_bear_no_source_map():
    assets = Assets()
    for name in FILES:
        if name in assets._assets:
            assert b"sourceMappingURL" not in assets._assets[name].body
