"""What every page keeps: language, type size, plain refusals."""

import pytest

from services.gateway import visit
from shared.contracts.intake import SubmitNeed
from shared.errors import Absent
from tests.integration.gateway.reading import text_of
from tests.integration.gateway.samples import JUDA, METROLOGY

NEED = {"text": "压力表要检定", "company": "示例企业", "contact": "13900000000", "key": "k1"}


@pytest.fixture
def database_url() -> str:
    """SQLite: nothing here depends on the database."""
    return ""


def test_the_language_and_the_type_size_are_kept_and_the_page_is_not_lost(told):
    answer = told.client.get("/track?number=x&lang=en")
    assert answer.headers["location"] == "/track?number=x"
    page = told.client.get("/track?number=x")
    assert '<html lang="en">' in page.text
    assert "Track a request" in text_of(page)
    assert told.client.get("/juda?large=1").headers["location"] == "/juda"
    assert 'class="nqi-large"' in told.client.get("/juda").text
    told.client.get("/juda?lang=zh-CN&large=0")
    assert '<html lang="zh-CN">' in told.client.get("/juda").text


def test_english_comes_by_itself_for_who_asks_for_it(told):
    page = told.client.get("/tianan", headers={"accept-language": "en-GB"})
    assert METROLOGY.title_en in text_of(page)


@pytest.mark.parametrize("body", [b"text=\xff", b"text=%ff", b"text=%00", b"&".join(b"a%d=1" % n for n in range(4000))])
def test_forms_that_no_browser_sends_are_refused_plainly(told, body):
    answer = told.client.post("/tianan", content=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (400, 422)
    assert "nqi-top" in answer.text


def test_a_service_that_is_away_is_a_plain_page_that_says_when_to_try_again(told, monkeypatch):
    monkeypatch.setattr(visit, "PATIENCE", dict.fromkeys(visit.PATIENCE, 0.0))
    told.bus.answers[SubmitNeed] = Absent("这项服务暂时没有开，请稍后再试")
    answer = told.client.post("/tianan", data=NEED)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "已经提交的不会丢" in text_of(answer)


def test_a_mistake_of_ours_is_a_plain_page_without_details(told):
    told.bus.answers[SubmitNeed] = RuntimeError("secret")
    answer = told.client.post("/tianan", data=NEED)
    assert answer.status_code == 500
    assert "不是您的错" in text_of(answer)
    assert "secret" not in answer.text
    assert JUDA.park_name not in answer.text
