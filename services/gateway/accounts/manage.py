"""What the system operator does with accounts, from the command line."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import sqlalchemy as sa

from services.gateway.accounts import passwords
from services.gateway.accounts.domain import Account, check_account, new_password
from services.gateway.accounts.store import Accounts
from shared.access import EVERYWHERE, Role
from shared.errors import Invalid, NotFound


def add(
    engine: sa.Engine,
    login: str,
    role: str,
    parks: Sequence[str],
    display_name: str,
    *,
    organization: str = "",
    client: str = "",
    demo: bool = False,
) -> str:
    """Make an account and return its generated password; raises Invalid."""
    password = _add(engine, login, role, parks, display_name, demo, organization, client)
    if password is None:
        raise Invalid("请检查填写的内容", fields={"login": "这个账号已经有了"})
    return password


def list_accounts(engine: sa.Engine) -> list[Account]:
    return Accounts(engine).list()


def disable(engine: sa.Engine, login: str) -> None:
    """Nobody signs in with it any more, and its sessions end; raises NotFound."""
    _found(Accounts(engine).disable(login, datetime.now(UTC)), login)


def reset(engine: sa.Engine, login: str) -> str:
    """A new password; every session of the account ends. Raises NotFound."""
    password = new_password()
    _found(Accounts(engine).set_password(login, passwords.hashed(password)), login)
    return password


def demo_accounts(
    engine: sa.Engine, parks: Mapping[str, str], organizations: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Accounts to try the system with, for `parks` and `organizations` by code; the passwords of those made now."""
    wanted = [
        ("admin", Role.ADMIN, (EVERYWHERE,), "系统管理员"),
        ("operator", Role.OPERATOR, (EVERYWHERE,), "运营主管"),
        ("regulator", Role.REGULATOR, (EVERYWHERE,), "区级监管员"),
        ("chen", Role.STAFF, tuple(parks) or (EVERYWHERE,), "陈专员"),
        *((f"staff.{code}", Role.STAFF, (code,), f"{short}专员") for code, short in parks.items()),
    ]
    made = {}
    for login, role, where, name in wanted:
        password = _add(engine, login, role, where, name, demo=True)
        if password is not None:
            made[login] = password
    for code, name in (organizations or {}).items():
        login = f"org.{code.lower()}"
        password = _add(engine, login, Role.ORGANIZATION, (), name, demo=True, organization=code)
        if password is not None:
            made[login] = password
    return made


def remove_demo(engine: sa.Engine) -> Sequence[str]:
    """Remove the demo accounts; returns their logins."""
    return Accounts(engine).remove_demo()


def _add(
    engine: sa.Engine,
    login: str,
    role: str,
    parks: Sequence[str],
    display_name: str,
    demo: bool,
    organization: str = "",
    client: str = "",
) -> str | None:
    """The password of the account, or None if the login is taken."""
    check_account(login, role, parks, display_name, organization, client)
    account = Account(
        id=login,
        display_name=display_name.strip(),
        role=role,
        parks=tuple(parks),
        demo=demo,
        created_at=datetime.now(UTC),
        organization=organization,
        client=client,
    )
    password = new_password()
    return password if Accounts(engine).add(account, passwords.hashed(password)) else None


def _found(found: bool, login: str) -> None:
    if not found:
        raise NotFound("没有 {login} 这个账号", login=login)
