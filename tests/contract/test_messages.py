"""Every message of every contract, found by registry: it survives the wire, and says what it is."""

import json
import pkgutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from shared import contracts
from shared.contracts.base import Answer, Command, Event, Heartbeat, Message, Query
from shared.errors import Invalid
from shared.wire import dump, load

for module in pkgutil.iter_modules(contracts.__path__):
    import_module(f"shared.contracts.{module.name}")


def _all(cls: type[Message]) -> list[type[Message]]:
    found = []
    for sub in cls.__subclasses__():
        if sub.__module__.startswith("shared.contracts.") and not sub.__subclasses__():
            found.append(sub)
        found += _all(sub)
    return found


MESSAGES = sorted((m for m in _all(Message) if m is not Heartbeat), key=lambda m: m.key())
SAMPLES = Path(__file__).parent / "samples"


def sample_file(message: type[Message]) -> Path:
    return SAMPLES / f"{message.key()}.json"


@pytest.fixture(params=MESSAGES, ids=lambda m: m.key())
def message(request) -> Any:
    return request.param


@pytest.fixture
def sample(message) -> dict[str, Any]:
    return json.loads(sample_file(message).read_text())


def test_its_sample_survives_the_wire(message, sample):
    loaded = load(message, sample)
    assert dump(loaded) == sample
    assert load(message, json.loads(json.dumps(dump(loaded)))) == loaded


def test_it_cannot_be_changed_and_has_a_docstring_or_a_speaking_name(message, sample):
    loaded = load(message, sample)
    with pytest.raises(AttributeError):
        loaded.x = 1
    assert replace(loaded) == loaded


def test_every_required_field_is_required(message, sample):
    schema_fields = [name for name in sample if name not in ("event_id", "occurred_at", "actor", "traceparent")]
    for name in schema_fields:
        given = {k: v for k, v in sample.items() if k != name}
        default = message.__dataclass_fields__[name]
        required = default.default is default.default_factory  # both are MISSING
        if required:
            with pytest.raises(Invalid) as refused:
                load(message, given)
            assert name in refused.value.fields
        else:
            load(message, given)


def test_wrong_types_are_refused_by_field(message, sample):
    for name, value in sample.items():
        wrong = 7 if isinstance(value, str | list | dict) else "seven"
        with pytest.raises(Invalid) as refused:
            load(message, {**sample, name: wrong})
        assert any(path.startswith(name) for path in refused.value.fields)


def test_unknown_fields_are_passed_over_by_readers_of_events_and_refused_in_what_is_asked(message, sample):
    more = {**sample, "not_known_yet": 1}
    if issubclass(message, Event):
        load(message, more)
    else:
        with pytest.raises(Invalid):
            load(message, more)


def test_what_is_asked_says_what_it_returns(message):
    if issubclass(message, Command | Query):
        assert issubclass(message.returns, Answer)


def test_no_two_messages_share_a_key():
    keys = [message.key() for message in MESSAGES]
    assert len(set(keys)) == len(keys)


def test_no_sample_is_left_of_a_message_that_is_gone():
    assert {file.name for file in SAMPLES.glob("*.json")} == {sample_file(message).name for message in MESSAGES}


def test_every_service_an_event_names_as_its_reader_has_a_handler_for_it(message):
    if not issubclass(message, Event):
        return
    for reader in message.heard_by:
        place = Path("services") / reader
        shell = "".join(file.read_text() for file in (place / "service.py", *place.glob("entrypoints/*.py")))
        assert f"@on({message.__name__})" in shell
        assert f"def on_{message.type()}(self, event)" in shell
