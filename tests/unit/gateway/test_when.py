"""Moments in words."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.gateway.language import EN, ZH, speech
from services.gateway.when import Clock

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 24, 2, 20, tzinfo=UTC)  # 10:20 on a Tuesday in Shanghai


@pytest.fixture(params=[ZH, EN])
def lang(request):
    return request.param


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        (datetime(2026, 11, 24, 8, 52, tzinfo=UTC), "今天 16:52", "today 16:52"),
        (datetime(2026, 11, 23, 16, 0, tzinfo=UTC), "今天 00:00", "today 00:00"),
        (datetime(2026, 11, 23, 15, 59, tzinfo=UTC), "昨天 23:59", "yesterday 23:59"),
        (datetime(2026, 11, 25, 1, 0, tzinfo=UTC), "明天 09:00", "tomorrow 09:00"),
        (datetime(2026, 11, 26, 9, 30, tzinfo=UTC), "11月26日（周四）17:30", "Thu 26 Nov, 17:30"),
        (datetime(2025, 11, 12, 1, 12, tzinfo=UTC), "2025年11月12日（周三）09:12", "12 Nov 2025, 09:12"),
    ],
)
def test_says_near_days_by_name_and_others_by_date(at, zh, en, lang):
    assert Clock(speech(lang), SHANGHAI, NOW)(at) == (zh if lang == ZH else en)


def test_says_a_calendar_day_as_it_stands_in_any_zone():
    clock = Clock(speech(ZH), SHANGHAI, NOW)
    assert clock.date(date(2026, 12, 1)) == "12月1日（周二）"
    assert clock.date("somewhen") == "somewhen"
