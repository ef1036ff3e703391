"""Rules about accounts, sessions and guessing. No database, no HTTP."""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.access import EVERYWHERE, Actor, Role
from shared.errors import Invalid
from shared.uscc import credit_code

IDLE = timedelta(hours=8)
LIFETIME = timedelta(days=7)
TOUCH = timedelta(minutes=1)  # how exactly the last use of a session is kept

ROLES = (Role.STAFF, Role.OPERATOR, Role.REGULATOR, Role.ADMIN, Role.ORGANIZATION, Role.CLIENT)
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,39}")
_ORGANIZATION = re.compile(r"[A-Z][A-Z0-9-]{1,19}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that look alike


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who may sign in. `id` is the login name; `organization` or `client`: the code of who it acts for."""

    id: str
    display_name: str
    role: str
    parks: tuple[str, ...]
    demo: bool
    created_at: datetime
    disabled_at: datetime | None = None
    organization: str = ""
    client: str = ""

    def actor(self) -> Actor:
        return Actor(
            id=self.id, role=self.role, name=self.display_name, parks=self.parks, organization=self.organization,
            client=self.client,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Session:
    """An account that is signed in, proven by a token of which we keep only a digest."""

    token: str
    account: Account

    @property
    def csrf(self) -> str:
        """Told to our own pages only; worthless without the cookie."""
        return hashlib.sha256(f"nqi csrf {self.token}".encode()).hexdigest()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    return secrets.token_urlsafe(32)


def new_password() -> str:
    """Sixteen letters and digits in four groups: 79 bits, easy to read to somebody."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
    return "-".join(groups)


def check_account(
    login: str, role: str, parks: Sequence[str], display_name: str, organization: str = "", client: str = ""
) -> None:
    """Raises Invalid."""
    wrong = {}
    if not _LOGIN.fullmatch(login):
        wrong["login"] = "账号用 2 到 40 个小写字母、数字或 . _ -，以字母开头"
    if role not in ROLES:
        wrong["role"] = "请从列出的选项里选"
    if role == Role.ORGANIZATION:
        if not _ORGANIZATION.fullmatch(organization):
            wrong["organization"] = "请写机构代码，例如 GZ-JL"
        if parks:
            wrong["parks"] = "机构账号不分园区，不用写"
    elif role == Role.CLIENT:
        wrong |= _wrong_client(client, parks)
    elif client:
        wrong["client"] = "只有企业账号才写统一社会信用代码"
    elif organization:
        wrong["organization"] = "只有机构账号才写机构代码"
    elif not parks or (EVERYWHERE in parks and len(parks) > 1):
        wrong["parks"] = "请写园区代码，或只写 * 表示所有园区"
    if not display_name.strip() or len(display_name) > 40:
        wrong["display_name"] = "请写怎么称呼，最多 40 个字"
    if wrong:
        raise Invalid("请检查填写的内容", fields=wrong)


def _wrong_client(client: str, parks: Sequence[str]) -> dict[str, str]:
    try:
        credit_code(client, "client")
    except Invalid as error:
        return error.fields
    return {"parks": "企业账号不分园区，不用写"} if parks else {}


@dataclass(frozen=True, kw_only=True)
class Guessing:
    """How many wrong guesses are free, and how long the next must wait."""

    free: int
    wait: timedelta
    longest: timedelta
    forget: timedelta  # after this long without a guess, all is forgotten

    def count(self, before: int, last: datetime, now: datetime) -> int:
        """The guesses that still count."""
        return 0 if now - last >= self.forget else before

    def rest(self, count: int) -> timedelta:
        """How long the next guess must wait after the last; each one beyond the free doubles it."""
        if count < self.free:
            return timedelta()
        doublings: int = min(count - self.free, 20)
        return min(self.wait * (1 << doublings), self.longest)


GUESSING = {
    # one account: growing waits
    "account": Guessing(free=5, wait=timedelta(minutes=1), longest=timedelta(hours=1), forget=timedelta(days=1)),
    # one client address: a whole park may be behind it
    "address": Guessing(free=30, wait=timedelta(minutes=1), longest=timedelta(hours=1), forget=timedelta(hours=2)),
    # files from one client address; a whole park may be behind it
    "upload": Guessing(free=200, wait=timedelta(minutes=1), longest=timedelta(minutes=10), forget=timedelta(hours=1)),
    # the code of one request
    "number": Guessing(
        free=5,
        wait=timedelta(minutes=15),
        longest=timedelta(minutes=15),
        forget=timedelta(minutes=15),
    ),
}
FORGET_ALL = max(guessing.forget for guessing in GUESSING.values())


@dataclass(frozen=True)
class Subject:
    """What is guessed at, or from where. Only a digest is kept: people type passwords in the wrong field."""

    kind: str
    value: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{digest(self.value.strip().lower())[:32]}"

    @property
    def rule(self) -> Guessing:
        return GUESSING[self.kind]
