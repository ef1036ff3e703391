"""What every category plugin keeps to, those of the standard and those installed beside them."""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from copy import deepcopy
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from services.providers import plugins
from services.providers.plugin import Accepted, Category, Declined, Item, provides
from shared import forms
from shared.errors import Invalid, NotFound
from shared.forms import Description
from tests.unit.providers.desk import FakeDesk, a_job

provides.discover(plugins)

ROOT = Path(__file__).parents[2]
CLAUSES = yaml.safe_load((ROOT / "tests/standard/clauses.yaml").read_text(encoding="utf-8"))
CATEGORIES = [one for one in provides if not type(one).__module__.startswith("tests.")]

every_category = pytest.mark.parametrize(
    "category",
    [pytest.param(one, id=one.code, marks=pytest.mark.clause(one.clause)) for one in CATEGORIES],
)
every_item = pytest.mark.parametrize(
    ("category", "letter"),
    [
        pytest.param(
            one,
            letter,
            id=f"{one.code}.{letter}",
            marks=pytest.mark.clause(f"{one.clause}.{letter}"),
        )
        for one in CATEGORIES
        for letter in one.items
    ],
)


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row["id"], marks=pytest.mark.clause(row["id"]))
        for row in CLAUSES
        if row["id"].startswith("5.")
    ],
)
def test_every_letter_of_the_clause_is_offered(row: dict[str, Any]) -> None:
    category = provides[row["owner"].removeprefix("providers/")]
    assert category.clause == row["id"]
    assert list(category.items) == row["items"]


def test_demo_plugins_are_not_discovered() -> None:
    program = (
        "from services.providers import plugins; from services.providers.plugin import provides; "
        "provides.discover(plugins); print(*provides.codes)"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert sorted(run.stdout.split()) == sorted(one.code for one in CATEGORIES)


def test_demo_plugins_refuse_and_crash() -> None:
    for code in ("refuses", "crashes"):
        import_module(f"tests.plugins.{code}")
    job = a_job("a", {"what": "随便"})
    assert isinstance(provides["refuses"].consider(job, FakeDesk()), Declined)
    with pytest.raises(RuntimeError):
        provides["crashes"].consider(job, FakeDesk())


@every_category
def test_category_speaks_both_languages(category: Category) -> None:
    assert _chinese(category.title)
    assert _chinese(category.summary)
    assert category.title_en.isascii()
    assert category.summary_en.isascii()


@every_category
def test_titles_are_unique_within_the_category(category: Category) -> None:
    for titles in (
        [item.title for item in category.items.values()],
        [item.title_en for item in category.items.values()],
    ):
        assert len(set(titles)) == len(titles)


@every_category
def test_manifest_is_plain_data(category: Category) -> None:
    manifest = category.manifest()
    assert json.loads(json.dumps(manifest)) == manifest


@every_category
def test_unknown_letter_is_not_found(category: Category) -> None:
    with pytest.raises(NotFound):
        category.item("z")


@every_item
def test_item_speaks_both_languages(category: Category, letter: str) -> None:
    item = category.item(letter)
    assert _chinese(item.title)
    assert item.title_en.isascii()
    for field in _all_fields(forms.describe(item.form) + forms.describe(item.result)):
        assert field.get("label"), field
        assert field.get("en"), field
        for option in field.get("options", []):
            assert option["label"], field
            assert option["en"], field


@every_item
def test_words_can_speak_for_the_item(category: Category, letter: str) -> None:
    words = category.item(letter).words
    assert 8 <= len(words) <= 20
    assert len(set(words)) == len(words)
    assert all(len(word.strip()) >= 2 for word in words)


@every_item
def test_time_limit_is_sensible(category: Category, letter: str) -> None:
    assert 1 <= category.item(letter).days <= 120


@every_item
def test_example_fits_the_form(category: Category, letter: str) -> None:
    item = category.item(letter)
    assert forms.check(item.form, item.example).items() >= item.example.items()


@every_item
def test_example_result_fits_the_result(category: Category, letter: str) -> None:
    item = category.item(letter)
    assert item.example_result
    assert forms.check(item.result, item.example_result).items() >= item.example_result.items()


@every_item
def test_forms_survive_their_description(category: Category, letter: str) -> None:
    for form, example in _forms(category.item(letter)):
        description = json.loads(json.dumps(forms.describe(form)))
        assert forms.check(description, example) == forms.check(form, example)
        with pytest.raises(Invalid):
            forms.check(description, {**example, "no_such_field": 1})


@every_item
def test_unknown_field_is_refused_by_name(category: Category, letter: str) -> None:
    for form, example in _forms(category.item(letter)):
        with pytest.raises(Invalid) as refused:
            forms.check(form, {**example, "no_such_field": 1})
        assert refused.value.fields == {"no_such_field": forms.UNKNOWN}


@every_item
def test_missing_required_field_is_refused_by_path(category: Category, letter: str) -> None:
    for form, example in _forms(category.item(letter)):
        description = forms.describe(form)
        for path in _required(description, example):
            with pytest.raises(Invalid) as refused:
                forms.check(form, _without(example, path))
            assert refused.value.fields == {".".join(map(str, path)): forms.REQUIRED}


@every_item
def test_result_asks_for_something(category: Category, letter: str) -> None:
    assert any(field["required"] for field in forms.describe(category.item(letter).result))


@every_item
def test_plugin_decides_on_its_own_example(category: Category, letter: str) -> None:
    item = category.item(letter)
    answer = category.consider(a_job(letter, forms.check(item.form, item.example)), FakeDesk())
    match answer:
        case Accepted(note=note, result=result):
            assert _chinese(note)
            if result is not None:
                assert json.loads(json.dumps(result)) == result
                forms.check(item.result, result)
        case Declined(reason=reason):
            assert _chinese(reason)
        case _:
            pytest.fail(f"neither accepted nor declined: {answer!r}")


def _chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def _forms(item: Item) -> list[tuple[forms.Form, Mapping[str, Any]]]:
    return [(item.form, item.example), (item.result, item.example_result)]


def _all_fields(description: Description) -> Iterator[dict[str, Any]]:
    for field in description:
        yield field
        yield from _all_fields(field.get("fields", []))


def _required(description: Description, example: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The path of every required field that the example fills, inside tables too."""
    for field in description:
        name = field["name"]
        if field["required"]:
            yield (name,)
        for row, line in enumerate(example.get(name, []) if field["kind"] == "table" else []):
            for inner in _required(field["fields"], line):
                yield (name, row, *inner)


def _without(example: Mapping[str, Any], path: tuple[Any, ...]) -> Any:
    lacking: Any = deepcopy(dict(example))
    place = lacking
    for step in path[:-1]:
        place = place[step]
    del place[path[-1]]
    return lacking
