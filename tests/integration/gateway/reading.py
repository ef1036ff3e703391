"""Reading pages as a person does."""

import re
from html import unescape
from typing import Any


def text_of(answer: Any) -> str:
    """What a reader sees of a page."""
    body = re.sub(r"<(head|svg|noscript)\b.*?</\1>", " ", answer.text, flags=re.S)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def hidden(answer: Any, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', answer.text)
    assert found, f"no hidden field {name}"
    return unescape(found[1])
