"""The reader's language: which one is spoken, and that nothing we say is missing in English."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from services.gateway.language import EN, LOCALE, ZH, negotiate, speech
from shared import errors
from shared.errors import NotFound

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "services/gateway/templates"
SPEAKERS = {"say", "_", "N_", "many", "_n"}
ERRORS = set(errors.BY_NAME) | {"Garbled", "TooLarge", "NotJson", "SignedOut", "TooMany"}
CHINESE = re.compile("[\u4e00-\u9fff]")
SOURCES = [
    path
    for root in ("services", "shared")
    for path in sorted((ROOT / root).rglob("*.py"))
    if not {"node_modules", "plugins", "migrations"} & set(path.parts)
]


@pytest.mark.parametrize(
    ("chosen", "accept", "lang"),
    [
        ("", "", ZH),
        ("", "en-GB,en;q=0.9", EN),
        ("", "en;q=0.5, zh-CN;q=0.8", ZH),
        ("", "fr, en;q=0.1", EN),
        ("", "fr", ZH),
        ("", "en;q=nonsense", ZH),
        ("en", "zh-CN", EN),
        ("zh-CN", "en", ZH),
        ("klingon", "en", EN),
    ],
)
def test_speaks_the_language_chosen_else_the_best_accepted(chosen, accept, lang):
    assert negotiate(chosen, accept) == lang


def test_fills_the_fields_of_a_translated_error():
    error = NotFound("没有 {park} 这个服务站", park="mars")
    assert speech(ZH).error(error) == "没有 mars 这个服务站"
    assert speech(EN).error(error) == "There is no station mars"


def test_leaves_braces_alone_where_there_is_nothing_to_fill():
    assert speech(EN)("{这不是字段}") == "{这不是字段}"


@pytest.mark.parametrize(("n", "said"), [(1, "1 item to do"), (2, "2 items to do")])
def test_counts_in_english(n, said):
    assert speech(EN).many("要办 {n} 件", n) == said
    assert speech(ZH).many("要办 {n} 件", n) == f"要办 {n} 件"


def test_takes_a_plugins_own_translation_and_falls_back_to_chinese():
    assert speech(EN).own({"title": "计量", "title_en": "Metrology"}, "title") == "Metrology"
    assert speech(EN).own({"label": "数量", "en": ""}, "label") == "数量"
    assert speech(ZH).own({"label": "数量", "en": "Count"}, "label") == "数量"


def catalog() -> dict[str, object]:
    with (LOCALE / "en/LC_MESSAGES/nqi.po").open("rb") as file:
        return {
            message.id if isinstance(message.id, str) else message.id[0]: message.string
            for message in read_po(file)
            if message.id and not message.fuzzy
        }


def said_in_templates(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        for _, _, message, _ in babel_extract(file, ["_", "_n"], [], {"trim_blocks": "1"}):
            text = message if isinstance(message, str) else (message or [""])[0]
            if text:
                yield text


def said_in_code(path: Path) -> Iterator[str]:
    """First arguments of what speaks or is raised, and the texts an error gives for its fields."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in SPEAKERS | ERRORS:
                yield from (one.value for one in node.args[:1] if isinstance(one, ast.Constant))
            for keyword in node.keywords:
                if name in ERRORS and keyword.arg == "fields" and isinstance(keyword.value, ast.Dict):
                    yield from (one.value for one in keyword.value.values if isinstance(one, ast.Constant))
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            target = node.targets[0]
            constant = isinstance(target, ast.Name) and target.id.isupper()
            wrong = isinstance(target, ast.Subscript) and getattr(target.value, "id", "") == "wrong"
            if constant or wrong:
                yield node.value.value


@pytest.mark.parametrize("path", [*sorted(TEMPLATES.glob("*.html")), *SOURCES], ids=lambda p: str(p.relative_to(ROOT)))
def test_everything_said_is_translated(path):
    found = said_in_templates(path) if path.suffix == ".html" else said_in_code(path)
    known = catalog()
    missing = [text for text in found if isinstance(text, str) and CHINESE.search(text) and not known.get(text)]
    assert not missing


def test_translations_fill_the_same_fields():
    fields = re.compile(r"\{\w*\}")
    for text, translated in catalog().items():
        for one in [translated] if isinstance(translated, str) else translated:
            assert set(fields.findall(one)) == set(fields.findall(text)), text
