"""The signed webhook: who may deliver, and what a message becomes."""

import base64
import json
import time

import pytest

from services.gateway import webhooks
from services.gateway.accounts.doors import Doors
from services.gateway.accounts.hooks import PREFIX
from shared.access import Role
from shared.contracts.intake import SubmitNeed
from shared.errors import Invalid, KeyReused
from tests.integration.gateway.samples import CODE, METROLOGY

MAPPING = {
    "text": "/need/text", "company": "/who/names/0", "phone": "/who/a~1b", "park": "/park", "category": "/category",
    "item": "/item", "details": "/need/details", "reference": "/id", "contact_name": "=门户",
}  # fmt: skip
MESSAGE = {
    "id": 7, "park": "tianan", "need": {"text": " 压力表要检定 ", "details": {"count": 1}},
    "who": {"names": ["示例企业"], "a/b": "13900000000"}, "category": METROLOGY.code, "item": CODE,
}  # fmt: skip


@pytest.fixture
def hooks(told):
    return Doors(told.engine, b"d" * 32).hooks


@pytest.fixture
def secret(hooks):
    given = hooks.add("portal", ["tianan", "juda"], MAPPING)
    return base64.b64decode(given.removeprefix(PREFIX))


@pytest.fixture
def deliver(told, secret):
    def deliver(message=MESSAGE, delivery="msg_1", at=None, body=None, path="/hooks/portal", **headers):
        sent = json.dumps(message).encode() if body is None else body
        timestamp = str(int(time.time()) if at is None else at)
        given = {
            "webhook-id": delivery, "webhook-timestamp": timestamp,
            "webhook-signature": webhooks.signature(secret, delivery, timestamp, sent),
        }  # fmt: skip
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return told.client.post(path, content=sent, headers={k: v for k, v in given.items() if v is not None})

    return deliver


def changed(**more):
    return {**MESSAGE, **more}


@pytest.mark.clause("6.2.b")
def test_a_signed_message_becomes_a_need(told, deliver):
    answer = deliver()
    assert answer.status_code == 201
    assert (answer.json()["number"], answer.json()["code"]) == ("天安2026-0001", "123456")
    (asked,) = told.bus.of(SubmitNeed)
    assert asked.message == SubmitNeed(
        park="tianan", text="压力表要检定", company="示例企业", phone="13900000000", channel="webhook",
        contact_name="门户", category=METROLOGY.code, item=CODE, details={"count": 1}, reference="7",
    )  # fmt: skip
    assert (asked.actor.id, asked.actor.role, asked.actor.parks) == ("hook:portal", Role.SYSTEM, ("tianan", "juda"))


def test_a_published_example_of_the_convention_is_signed_alike():
    """The example that the convention's own libraries test themselves with."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    signed = webhooks.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"webhook_signature": "v1,AAAA"}, 401),
        ({"webhook_signature": "v1,签名".encode()}, 401),
        ({"webhook_signature": None}, 401),
        ({"webhook_signature": "v2,whatever"}, 401),
        ({"webhook_id": "another"}, 401),  # the id is signed too, or a replay would only need a new one
        ({"webhook_id": None}, 400),
        ({"webhook_id": "x" * 201}, 400),
        ({"webhook_timestamp": lambda: str(int(time.time()) + 30)}, 401),
        ({"webhook_timestamp": "soon"}, 400),
        ({"webhook_timestamp": None}, 400),
        ({"at": lambda: int(time.time()) - webhooks.WINDOW - 5}, 401),
        ({"at": lambda: int(time.time()) + webhooks.WINDOW + 60}, 401),
    ],
)
def test_what_is_not_proven_or_too_old_changes_nothing(told, deliver, change, status):
    answer = deliver(**{name: value() if callable(value) else value for name, value in change.items()})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert not told.bus.of(SubmitNeed)


def test_one_of_several_signatures_is_enough_so_that_a_secret_can_be_changed(deliver, secret):
    body, now = json.dumps(MESSAGE).encode(), str(int(time.time()))
    right = webhooks.signature(secret, "msg_1", now, body)
    assert deliver(webhook_timestamp=now, webhook_signature=f"v1,b2xk {right}").status_code == 201


def test_a_delivery_that_comes_again_is_the_same_command(told, deliver):
    for _ in range(2):
        deliver()
    deliver(delivery="msg_2")
    ids = [asked.command_id for asked in told.bus.of(SubmitNeed)]
    assert ids[0] == ids[1] != ids[2]
    told.bus.answers[SubmitNeed] = KeyReused("这个幂等键已经用在内容不同的请求上，请换一个")
    assert deliver(changed(id=8)).status_code == 422


@pytest.mark.parametrize(
    ("message", "pointer"),
    [
        (changed(need={}), "/need/text"),
        (changed(need={"text": None}), "/need/text"),
        (changed(need={"text": {"a": 1}}), "/need/text"),
        (changed(need={"text": True}), "/need/text"),
        (changed(who={"names": []}), "/who/names/0"),
        (changed(who={"names": "示例"}), "/who/names/0"),
        (changed(park=None), "/park"),
        (changed(need={"text": "x", "details": []}), "/need/details"),
        ([], "/need/text"),
        ("text", "/need/text"),
    ],
)
def test_a_message_of_another_shape_is_refused_by_its_pointer(told, deliver, message, pointer):
    answer = deliver(message)
    assert answer.status_code == 422
    assert pointer in [error["field"] for error in answer.json()["errors"]]
    assert not told.bus.of(SubmitNeed)


def test_what_may_be_left_out_may_be(told, deliver):
    least = {"park": "juda", "need": {"text": "x"}, "who": {"names": ["y"]}}
    assert deliver(least).status_code == 201
    assert told.bus.of(SubmitNeed)[-1].message == SubmitNeed(
        park="juda", text="x", company="y", channel="webhook", contact_name="门户"
    )


@pytest.mark.parametrize("body", [b"", b"text", b"\xff", b'{"a": NaN}', b'"\\ud800"', b"[" * 100_000])
def test_what_is_not_json_is_refused(told, deliver, body):
    assert deliver(body=body).status_code == 400
    assert not told.bus.of(SubmitNeed)


def test_it_takes_no_more_than_it_must(deliver):
    assert deliver(body=b" " * 300_000).status_code == 413


def test_a_park_that_is_not_the_hooks_is_forbidden(told, deliver):
    assert deliver(changed(park="mars")).status_code == 403
    assert not told.bus.of(SubmitNeed)


def test_what_the_service_refuses_bears_the_pointers(told, deliver):
    told.bus.answers[SubmitNeed] = Invalid("请检查填写的内容", fields={"phone": "不对", "details.count": "不对"})
    assert [e["field"] for e in deliver().json()["errors"]] == ["/who/a~1b", "/need/details"]


def test_one_that_is_unknown_or_revoked_takes_nothing(told, deliver, hooks):
    assert deliver(path="/hooks/nothing").status_code == 404
    hooks.revoke("portal")
    assert deliver().status_code == 404
    assert not told.bus.of(SubmitNeed)


@pytest.mark.parametrize(
    ("parks", "mapping", "field"),
    [
        (["tianan"], {"text": "/t"}, "company"),
        (["tianan"], {"text": "t", "company": "/c"}, "text"),
        (["tianan"], {"text": "/~2", "company": "/c"}, "text"),
        (["tianan"], {"text": "", "company": "/c"}, "text"),
        (["tianan"], {"text": "/t", "company": "/c", "stage": "/s"}, "stage"),
        (["tianan", "juda"], {"text": "/t", "company": "/c"}, "park"),
        (["*"], {"text": "/t", "company": "/c"}, "park"),
        ([], {"text": "/t", "company": "/c", "park": "/p"}, "parks"),
    ],
)
def test_a_mapping_that_cannot_work_is_refused_when_it_is_made(hooks, parks, mapping, field):
    with pytest.raises(Invalid) as refused:
        hooks.add("another", parks, mapping)
    assert field in refused.value.fields


def test_names_are_taken_once_and_secrets_are_not_kept_in_clear(hooks, secret, engine):
    with pytest.raises(Invalid):
        hooks.add("portal", ["tianan"], MAPPING)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT secret FROM hooks").scalar()
    assert secret not in bytes(kept)
    assert hooks.find("portal").secret == secret
