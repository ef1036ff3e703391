import pytest

from shared import forms
from shared.errors import Invalid

FORM = {
    "name": forms.text("名称", en="Name", most=5),
    "note": forms.paragraph("说明", required=False),
    "count": forms.integer("数量", least=1, most=9),
    "mass": forms.number("质量", required=False, least=0, unit="kg"),
    "when": forms.day("日期"),
    "fast": forms.flag("加急"),
    "kind": forms.choice("种类", {"a": ("甲", "A"), "b": ("乙", "B")}),
    "rows": forms.table("清单", {"part": forms.text("零件")}, most=2),
}
GOOD = {"name": "卡尺", "count": 2, "when": "2026-11-30", "kind": "a", "rows": [{"part": "x"}]}


@pytest.mark.parametrize("form", [FORM, forms.describe(FORM)], ids=["declared", "described"])
class TestForms:
    def test_takes_what_fits(self, form):
        assert forms.check(form, GOOD) == {**GOOD, "fast": False}

    @pytest.mark.parametrize(
        ("change", "path"),
        [
            ({"name": ""}, "name"), ({"name": "六个字的名称"}, "name"), ({"name": 7}, "name"), ({"count": 0}, "count"),
            ({"count": 10}, "count"), ({"count": 1.5}, "count"), ({"count": "1"}, "count"), ({"count": True}, "count"),
            ({"mass": -1}, "mass"), ({"mass": float("nan")}, "mass"), ({"when": "30.11."}, "when"),
            ({"when": "2026-02-30"}, "when"), ({"fast": "yes"}, "fast"), ({"kind": "c"}, "kind"),
            ({"rows": []}, "rows"),
            ({"rows": [{}]}, "rows.0.part"), ({"rows": [{"part": "x", "more": 1}]}, "rows.0.more"),
            ({"rows": [{"part": "x"}] * 3}, "rows"), ({"more": 1}, "more"), ({"name": None}, "name"),
        ],
    )  # fmt: skip
    def test_names_the_field_that_does_not_fit(self, form, change, path):
        with pytest.raises(Invalid) as refused:
            forms.check(form, {**GOOD, **change})
        assert set(refused.value.fields) == {path}

    @pytest.mark.parametrize("name", ["name", "count", "when", "kind", "rows"])
    def test_asks_for_what_is_required(self, form, name):
        with pytest.raises(Invalid) as refused:
            forms.check(form, {k: v for k, v in GOOD.items() if k != name})
        assert refused.value.fields == {name: forms.REQUIRED}

    @pytest.mark.parametrize("nonsense", [[], 7, "x", None])
    def test_refuses_what_is_no_form_at_all(self, form, nonsense):
        with pytest.raises(Invalid):
            forms.check(form, nonsense)


def test_a_description_is_plain_data():
    import json

    assert json.loads(json.dumps(forms.describe(FORM))) == forms.describe(FORM)
