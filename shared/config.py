"""Settings from the environment; nobody else reads it."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from environs import Env, EnvValidationError
from marshmallow import validate

LEVELS = ("debug", "info", "warning", "error")


class WrongSettings(Exception):
    """One or more settings cannot be used; the text names each and says what to do."""


class CannotStart(Exception):
    """A process cannot start; the text says in one line what is wrong and what to do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`database_url` empty means SQLite under `home`; `amqp_given` empty means the private broker under `home`."""

    home: Path
    mode: str
    port: int
    behind_proxy: bool
    amqp_given: str
    database_url: str
    timezone: ZoneInfo
    log_level: str
    workers: int
    only: tuple[str, ...]
    metrics_port: int
    survey_days: float
    appeal_days: float
    offer_seconds: float
    reopen_days: float
    remind_hours: float
    lease_seconds: int
    signing_key: str
    data_key: str
    files: str
    s3_endpoint: str
    file_mb: int
    request_mb: int
    site: str
    imap_uri: str
    smtp_uri: str
    mail_from: str
    mail_parks: tuple[tuple[str, str], ...]
    mail_seconds: float
    mail_mb: int
    wecom_corp_id: str
    wecom_agent_id: str
    wecom_secret: str
    wecom_token: str
    wecom_aes_key: str
    wecom_park: str
    wecom_api: str
    wecom_ask_minutes: float
    wecom_follow_hours: float
    crash_at: str

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @property
    def amqp_uri(self) -> str:
        """The broker given, else the private one that runs now; empty when there is neither."""
        if self.amqp_given:
            return self.amqp_given
        connection = self.home / "broker" / "connection.json"
        if not connection.exists():
            return ""
        return str(json.loads(connection.read_text())["amqp_uri"])


@cache
def settings() -> Settings:
    """Read once; raises WrongSettings with every mistake at once."""
    env = Env(eager=False)
    positive = validate.Range(min=0, min_inclusive=False, error="must be above 0")
    port = validate.Range(0, 65535, error="must be a port number")
    read: dict[str, Any] = {
        "home": env.path("NQI_HOME", Path("var")),
        "mode": env.str(
            "NQI_MODE", "demo", validate=validate.OneOf(["demo", "production"], error="must be demo or production")
        ),
        "port": env.int("NQI_PORT", 8000, validate=port),
        "behind_proxy": env.bool("NQI_BEHIND_PROXY", False),
        "amqp_given": env.str("AMQP_URI", ""),
        "database_url": env.str("DATABASE_URL", ""),
        "timezone": env.str("NQI_TIMEZONE", "Asia/Shanghai", validate=_zone),
        "log_level": env.str(
            "NQI_LOG_LEVEL", "info",
            validate=validate.OneOf(LEVELS, error=f"must be one of {', '.join(LEVELS)}"),
        ),
        "workers": env.int("NQI_WORKERS", 8, validate=validate.Range(1, 100, error="must be 1 to 100")),
        "only": env.list("NQI_ONLY", []),
        "metrics_port": env.int("NQI_METRICS_PORT", 0, validate=port),
        "survey_days": env.float("NQI_SURVEY_DAYS", 7, validate=positive),
        "appeal_days": env.float("NQI_APPEAL_DAYS", 15, validate=positive),
        "offer_seconds": env.float("NQI_OFFER_SECONDS", 3600, validate=positive),
        "reopen_days": env.float("NQI_REOPEN_DAYS", 30, validate=positive),
        "remind_hours": env.float("NQI_REMIND_HOURS", 24, validate=positive),
        "lease_seconds": env.int("NQI_LEASE_SECONDS", 15, validate=positive),
        "signing_key": env.str("NQI_SIGNING_KEY", "", validate=_key),
        "data_key": env.str("NQI_DATA_KEY", "", validate=_key),
        "files": env.str("NQI_FILES", "", validate=_shelf),
        "s3_endpoint": env.str("NQI_S3_ENDPOINT", ""),
        "file_mb": env.int("NQI_FILE_MB", 20, validate=validate.Range(1, 1000, error="must be 1 to 1000")),
        "request_mb": env.int("NQI_REQUEST_MB", 100, validate=validate.Range(1, 5000, error="must be 1 to 5000")),
        "site": env.str("NQI_SITE", "", validate=_site),
        "imap_uri": env.str("NQI_IMAP_URI", "", validate=_mail_uri("imap")),
        "smtp_uri": env.str("NQI_SMTP_URI", "", validate=_mail_uri("smtp")),
        "mail_from": env.str("NQI_MAIL_FROM", "", validate=_address),
        "mail_parks": env.list("NQI_MAIL_PARKS", [], validate=_mail_parks),
        "mail_seconds": env.float("NQI_MAIL_SECONDS", 30, validate=positive),
        "mail_mb": env.int("NQI_MAIL_MB", 30, validate=validate.Range(1, 200, error="must be 1 to 200")),
        "wecom_corp_id": env.str("NQI_WECOM_CORP_ID", ""),
        "wecom_agent_id": env.str("NQI_WECOM_AGENT_ID", "", validate=_agent),
        "wecom_secret": env.str("NQI_WECOM_SECRET", ""),
        "wecom_token": env.str("NQI_WECOM_TOKEN", ""),
        "wecom_aes_key": env.str("NQI_WECOM_AES_KEY", "", validate=_aes_key),
        "wecom_park": env.str("NQI_WECOM_PARK", ""),
        "wecom_api": env.str("NQI_WECOM_API", "https://qyapi.weixin.qq.com"),
        "wecom_ask_minutes": env.float("NQI_WECOM_ASK_MINUTES", 10, validate=positive),
        "wecom_follow_hours": env.float("NQI_WECOM_FOLLOW_HOURS", 4, validate=positive),
        "crash_at": env.str("CRASH_AT", ""),
    }  # fmt: skip
    try:
        env.seal()
    except EnvValidationError as error:
        mistakes = cast("dict[str, list[str]]", error.error_messages)
        raise WrongSettings("\n".join(f"{name}: {' '.join(texts)}" for name, texts in mistakes.items())) from error
    made = Settings(
        **{
            **read, "home": read["home"].absolute(), "timezone": ZoneInfo(read["timezone"]),
            "only": tuple(read["only"]), "site": (read["site"] or f"http://127.0.0.1:{read['port']}").rstrip("/"),
            "mail_from": read["mail_from"].lower(), "mail_parks": tuple(_pair(one) for one in read["mail_parks"]),
        }
    )  # fmt: skip
    if found := _mistakes(made):
        raise WrongSettings("\n".join(found))
    return made


def _mistakes(given: Settings) -> list[str]:
    """What single values cannot show: schemes, and defaults that production must not keep."""
    found = []
    if given.amqp_given and not given.amqp_given.startswith(("amqp://", "amqps://", "pyamqp://")):
        found.append("AMQP_URI: must begin with amqp:// or amqps://")
    if given.database_url and not given.database_url.startswith(("postgresql://", "postgresql+psycopg2://")):
        found.append("DATABASE_URL: must begin with postgresql://; leave it empty for SQLite")
    mail = {"NQI_IMAP_URI": given.imap_uri, "NQI_SMTP_URI": given.smtp_uri, "NQI_MAIL_FROM": given.mail_from}
    if any(mail.values()) and not all(mail.values()):
        lacking = ", ".join(name for name, value in mail.items() if not value)
        found.append(f"{lacking}: mail needs all three of {', '.join(mail)}")
    wecom = {
        "NQI_WECOM_CORP_ID": given.wecom_corp_id, "NQI_WECOM_AGENT_ID": given.wecom_agent_id,
        "NQI_WECOM_SECRET": given.wecom_secret, "NQI_WECOM_TOKEN": given.wecom_token,
        "NQI_WECOM_AES_KEY": given.wecom_aes_key, "NQI_WECOM_PARK": given.wecom_park,
    }  # fmt: skip
    if any(wecom.values()) and not all(wecom.values()):
        lacking = ", ".join(name for name, value in wecom.items() if not value)
        found.append(f"{lacking}: WeCom needs all of {', '.join(wecom)}")
    if given.production:
        if "guest:guest@" in given.amqp_given:
            found.append(
                "AMQP_URI: production does not run with the password everybody knows (guest); make a user of its own"
            )
        if given.crash_at:
            found.append("CRASH_AT: is for tests; production does not start with it")
    return found


def _zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise validate.ValidationError("must be a time zone such as Asia/Shanghai") from error


ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w.-]{1,190}")


def _address(text: str) -> None:
    if text and not ADDRESS.fullmatch(text):
        raise validate.ValidationError("must be a mail address such as station@example.com")


def _pair(text: str) -> tuple[str, str]:
    """`tianan=tianan@example.com` as address and park."""
    park, _, address = text.partition("=")
    return address.strip().lower(), park.strip()


def _mail_parks(pairs: list[str]) -> None:
    for address, park in map(_pair, pairs):
        if not park or not ADDRESS.fullmatch(address):
            raise validate.ValidationError("must list park=address, with commas: tianan=tianan@example.com,...")


def _mail_uri(kind: str) -> Callable[[str], None]:
    """`imaps://user:password@host/folder`; without TLS only on this machine, or where STARTTLS is possible."""

    def check(text: str) -> None:
        if not text:
            return
        parts = urlsplit(text)
        try:
            whole = parts.scheme in (kind, f"{kind}s") and bool(parts.hostname) and (parts.port or 1) > 0
        except ValueError:
            whole = False
        if not whole:
            raise validate.ValidationError(f"must be {kind}s://user:password@host, or {kind}:// with STARTTLS")

    return check


def _site(text: str) -> None:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise validate.ValidationError("must be the address of the pages, such as https://station.example.com")


def _shelf(address: str) -> None:
    if address and not (address.startswith("s3://") and address.removeprefix("s3://").partition("/")[0]):
        raise validate.ValidationError("must be s3://bucket or s3://bucket/prefix; leave it empty for a directory")


def _agent(text: str) -> None:
    if text and not (text.isascii() and text.isdecimal()):
        raise validate.ValidationError("must be the application's number, such as 1000002")


def _aes_key(text: str) -> None:
    if text and not re.fullmatch(r"[A-Za-z0-9+/]{43}", text):
        raise validate.ValidationError("must be the EncodingAESKey that WeCom shows: 43 letters and digits")


def _key(text: str) -> None:
    if not text:
        return
    try:
        length = len(bytes.fromhex(text))
    except ValueError:
        length = 0
    if length != 32:
        raise validate.ValidationError("must be 32 bytes as 64 hexadecimal digits; make one with: openssl rand -hex 32")
