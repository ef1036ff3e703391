"""Accounts of staff, operators, regulators and administrators; clients need none."""

from services.gateway.accounts.manage import (
    add,
    demo_accounts,
    disable,
    list_accounts,
    remove_demo,
    reset,
)

__all__ = ["add", "demo_accounts", "disable", "list_accounts", "remove_demo", "reset"]
