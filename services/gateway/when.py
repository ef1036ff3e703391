"""Moments in words: today 16:52, 11月26日（周四）17:30, and a year only if it is another one."""

from datetime import date, datetime, tzinfo

from babel.dates import format_date, format_datetime

from services.gateway.language import EN, Speech

_PATTERNS = {
    # language: (this year, another year)
    "zh-CN": ("M月d日（EEE）HH:mm", "y年M月d日（EEE）HH:mm"),
    EN: ("EEE d MMM, HH:mm", "d MMM y, HH:mm"),
}
_DAYS = {"zh-CN": ("M月d日（EEE）", "y年M月d日"), EN: ("EEE d MMM", "d MMM y")}
_LOCALES = {"zh-CN": "zh_Hans_CN", EN: "en_GB"}


class Clock:
    """Tells moments to one reader, as of `now`, in the station's time zone."""

    def __init__(self, say: Speech, zone: tzinfo, now: datetime) -> None:
        self._say, self._zone = say, zone
        self._now = now.astimezone(zone)

    def __call__(self, at: datetime) -> str:
        """Day and time."""
        here = at.astimezone(self._zone)
        time = f"{here:%H:%M}"
        match (here.date() - self._now.date()).days:
            case 0:
                return self._say("今天 {time}", time=time)
            case -1:
                return self._say("昨天 {time}", time=time)
            case 1:
                return self._say("明天 {time}", time=time)
        return self._format(_PATTERNS, here)

    def day(self, at: datetime) -> str:
        """The day alone: today, or 11月26日（周四）."""
        here = at.astimezone(self._zone).date()
        match (here - self._now.date()).days:
            case 0:
                return self._say("今天")
            case 1:
                return self._say("明天")
        return self.date(here)

    def time(self, at: datetime) -> str:
        return f"{at.astimezone(self._zone):%H:%M}"

    def span(self, start: datetime, end: datetime) -> str:
        """From when until when, on one day."""
        return f"{self(start)}–{self.time(end)}"

    def is_today(self, day: date) -> bool:
        return day == self._now.date()

    def due(self, at: datetime) -> bool:
        """Today, or past."""
        return at.astimezone(self._zone).date() <= self._now.date()

    def past(self, at: datetime) -> bool:
        return at <= self._now

    def length(self, minutes: int) -> str:
        hours, rest = divmod(minutes, 60)
        parts = [self._say.many("{n} 小时", hours)] * bool(hours) + [self._say.many("{n} 分钟", rest)] * bool(rest)
        return " ".join(parts)

    def minutes_since(self, at: datetime) -> int:
        """By the clock on the wall."""
        return max(0, int((self._now - at).total_seconds() // 60))

    def range(self, start: datetime, end: datetime) -> str:
        """From when until when; the day once where it is the same."""
        here, there = start.astimezone(self._zone), end.astimezone(self._zone)
        if here.date() == there.date():
            return f"{self(start)}–{there:%H:%M}"
        return f"{self(start)} – {self(end)}"

    def date(self, day: date | str) -> str:
        """A calendar day, which has no time zone; what is no day stays as it is."""
        if isinstance(day, str):
            return day
        pattern = _DAYS[self._say.lang][day.year != self._now.year]
        return format_date(day, pattern, locale=_LOCALES[self._say.lang])

    def iso(self, text: str) -> str:
        """A calendar day in ISO 8601, told."""
        return self.date(date.fromisoformat(text))

    @property
    def year(self) -> int:
        return self._now.year

    def now(self) -> str:
        return self._format(_PATTERNS, self._now)

    def _format(self, patterns: dict[str, tuple[str, str]], here: datetime) -> str:
        pattern = patterns[self._say.lang][here.year != self._now.year]
        return format_datetime(here, pattern, locale=_LOCALES[self._say.lang])
