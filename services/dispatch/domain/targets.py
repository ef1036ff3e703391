"""Dispatch targets, known by what they announced."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.contracts.base import Details
from shared.contracts.dispatch import TargetView
from shared.errors import Invalid


@dataclass(kw_only=True)
class Target:
    """Someone who takes jobs: a category plugin now, an organization's program later. Known by what it announced."""

    target: str
    manifest: Details
    lease_until: datetime
    seen_at: datetime

    def live(self, now: datetime) -> bool:
        return now < self.lease_until

    def item(self, item: str) -> Details:
        """The manifest's entry of one lettered item; raises Invalid where the target has none."""
        try:
            found: Details = self.manifest["items"][item]
            return found
        except KeyError:
            raise Invalid("请检查填写的内容", fields={"item": "这个类别里没有这一项"}) from None

    def view(self, now: datetime) -> TargetView:
        return TargetView(
            target=self.target, kind=self.manifest["kind"], title=self.manifest["title"],
            clause=self.manifest["clause"], live=self.live(now), seen_at=self.seen_at, manifest=self.manifest,
        )  # fmt: skip


def lease(seconds: int, now: datetime) -> datetime:
    return now + timedelta(seconds=seconds)


def check_manifest(manifest: Details) -> None:
    """Raises Invalid unless it says what dispatch and the pages need; a target is foreign code."""
    items = manifest.get("items")
    lacking = [key for key in ("code", "kind", "clause", "title", "title_en") if not isinstance(manifest.get(key), str)]
    if lacking or not isinstance(items, dict) or not items:
        raise Invalid("目标的说明不完整：{lacking}", lacking="、".join(lacking) or "items")
    for code, item in items.items():
        if (
            not isinstance(item, dict)
            or not isinstance(item.get("title"), str)
            or not isinstance(item.get("form"), list)
        ):
            raise Invalid("目标的说明不完整：{lacking}", lacking=code)


class Targets(Protocol):
    """Every target that ever announced itself."""

    def get(self, target: str) -> Target | None: ...

    def put(self, target: Target) -> None: ...

    def all(self) -> list[Target]: ...

    def digests(self) -> tuple[tuple[str, str], ...]:
        """Every target with the digest of its manifest, which tells whether one changed."""
        ...
