"""The reader's language: which one it is, and our texts in it. Texts are written in zh_CN; English is a catalog."""

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from shared.errors import ServiceError

ZH, EN = "zh-CN", "en"
LANGUAGES = (ZH, EN)
LOCALE = Path(__file__).parent / "locale"


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for it
    """Marks a text that is translated where it is used."""
    return text


class Speech:
    """Says our texts in one language; parameters fill their {fields}."""

    def __init__(self, lang: str, texts: NullTranslations) -> None:
        self.lang = lang
        self._texts = texts

    def __call__(self, text: str, /, **params: object) -> str:
        said = self._texts.gettext(text) if text else ""
        return said.format(**params) if params else said

    def many(self, text: str, n: int, /, **params: object) -> str:
        """For texts that need a plural in English; fills {n}."""
        return self._texts.ngettext(text, text, n).format(n=n, **params)

    def error(self, error: ServiceError) -> str:
        return self(error.text, **error.params)

    def own(self, thing: Mapping[str, object], key: str) -> str:
        """A text that a plugin brings in both languages: `title` and `title_en`, `label` and `en`."""
        english = thing.get("en" if key == "label" else f"{key}_en")
        return str((english if self.lang == EN else None) or thing.get(key) or "")


def _english() -> Translations:
    with (LOCALE / "en" / "LC_MESSAGES" / "nqi.po").open("rb") as file:
        catalog = read_po(file, locale="en")
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)


@cache
def speech(lang: str) -> Speech:
    return Speech(EN, _english()) if lang == EN else Speech(ZH, NullTranslations())


def negotiate(chosen: str, accept: str) -> str:
    """The language chosen before, else the best that Accept-Language names, else zh-CN."""
    if chosen in LANGUAGES:
        return chosen
    best, weight = ZH, 0.0
    for part in accept[:500].split(","):
        tag, _, rest = part.strip().lower().partition(";")
        primary = tag.partition("-")[0]
        quality = _quality(rest)
        if primary in ("zh", "en") and quality > weight:
            best, weight = (ZH if primary == "zh" else EN), quality
    return best


def _quality(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value)
    except ValueError:
        return 0.0
