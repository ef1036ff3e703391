"""Reading pages as a person does, and what the told services know."""

import re
from html import unescape
from typing import Any

from services.providers import plugins
from services.providers.plugin import provides
from tests.integration.gateway.conftest import ITEM

provides.discover(plugins)
METROLOGY = next(one for one in provides if one.clause == "5.3")
VERIFY = METROLOGY.items["b"]
CODE = "5.3.b"


def text_of(answer: Any) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"<(head|svg|noscript)\b.*?</\1>", " ", answer.text, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.text)
    assert found, f"no hidden field {name}"
    return unescape(found[1])


def item(stage: str, *allowed: str, **more: Any) -> Any:
    return type(ITEM)(**{**vars(ITEM), "stage": stage, "allowed": allowed, **more})


