"""`python -m tests.contract.samples`: write a first sample of each message that has none."""

import json
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

from tests.contract.test_messages import MESSAGES, sample_file

MOMENT = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)


def value(name: str, hint: Any) -> Any:
    origin = get_origin(hint)
    if origin is tuple:
        return [value(name, get_args(hint)[0])]
    if origin is dict:
        return {"name": "value"}
    if is_dataclass(hint):
        return sample(hint)
    kinds = {str: name, int: 1, float: 1.5, bool: True, datetime: MOMENT.isoformat()}
    if hint in kinds:
        return kinds[hint]
    return value(name, next(a for a in get_args(hint) if a is not NoneType))


def sample(cls: Any) -> dict[str, Any]:
    hints = get_type_hints(cls)
    return {f.name: value(f.name, hints[f.name]) for f in fields(cls)}


for message in MESSAGES:
    file = sample_file(message)
    if not file.exists():
        file.write_text(json.dumps(sample(message), ensure_ascii=False, indent=1) + "\n")
        print(f"wrote {file.name}: make it look like a real one")
