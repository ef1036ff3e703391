"""Details a client gives along with a need: an item's form, of which everything may be left out."""

from collections.abc import Mapping
from typing import Any

from shared import forms
from shared.forms import Description


def voluntary(form: Description) -> Description:
    """The same form with nothing required: whoever needs more asks for it, once."""
    return _all(form, required=False)


def unmarked(form: Description) -> Description:
    """To draw a form that says once, above it, that everything may be left out."""
    return _all(form, required=True)


def _all(form: Description, required: bool) -> Description:
    return [
        {**one, "required": required, **({"fields": _all(one["fields"], required)} if "fields" in one else {})}
        for one in form
    ]


def checked(form: Description, details: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, normalized; raises Invalid with a text for each field path that does not fit."""
    known = forms.check(voluntary(form), details)
    return {name: value for name, value in known.items() if name in details}
