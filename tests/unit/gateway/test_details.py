"""Details that a client gives along with a need."""

import pytest

from services.gateway.details import checked, voluntary
from services.providers import plugins
from services.providers.plugin import provides
from shared import forms
from shared.errors import Invalid

if not provides.codes:
    provides.discover(plugins)
ITEMS = [(f"{one.clause}.{letter}", item) for one in provides for letter, item in one.items.items()]
FORM = forms.describe(
    {
        "name": forms.text("名称"),
        "count": forms.integer("数量", least=1),
        "rows": forms.table("清单", {"model": forms.text("型号"), "made_on": forms.day("日期")}),
    }
)


@pytest.mark.parametrize(("code", "item"), ITEMS, ids=[code for code, _ in ITEMS])
def test_every_items_form_may_be_left_out_and_its_example_is_taken(code, item):
    form = forms.describe(item.form)
    assert checked(form, {}) == {}
    assert checked(form, item.example) == dict(item.example)
    assert not any(one["required"] for one in voluntary(form))


def test_only_what_was_given_is_kept():
    assert checked(FORM, {"count": 3}) == {"count": 3}
    assert checked(FORM, {"rows": [{"model": "Y-100"}]}) == {"rows": [{"model": "Y-100"}]}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"count": 0}, "count"),
        ({"count": "many"}, "count"),
        ({"rows": [{"made_on": "yesterday"}]}, "rows.0.made_on"),
        ({"nothing": 1}, "nothing"),
    ],
)
def test_what_was_given_must_fit(given, path):
    with pytest.raises(Invalid) as refused:
        checked(FORM, given)
    assert set(refused.value.fields) == {path}
