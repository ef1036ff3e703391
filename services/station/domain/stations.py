"""Parks and their stations. No bus, no database."""

import re
from dataclasses import asdict, dataclass
from typing import Protocol

from shared.contracts.station import GivenDistrict, GivenPark, StationOpened, StationView
from shared.errors import Invalid

CODE = re.compile(r"[a-z][a-z0-9-]{1,30}")
SUFFIX = "质量基础设施“一站式”服务站"


@dataclass(frozen=True, kw_only=True)
class Station:
    """The one station of a park."""

    park: str
    park_name: str
    short: str
    district: str
    authority: str
    industries: tuple[str, ...]
    window: bool
    phone: str
    address: str
    hours: str
    email: str

    @classmethod
    def of(cls, district: GivenDistrict, park: GivenPark) -> "Station":
        """Raises Invalid where the description cannot name a station."""
        if not CODE.fullmatch(park.code):
            raise Invalid("园区代码“{code}”要用小写字母开头，只含小写字母、数字和连字符", code=park.code)
        for name, value in (("name", park.name), ("short", park.short)):
            if not value.strip() or value != value.strip():
                raise Invalid("园区“{code}”的 {name} 不能空着，前后不能有空格", code=park.code, name=name)
        if park.name.endswith(SUFFIX):
            raise Invalid("园区“{code}”只写园区名称，服务站名称由系统组成", code=park.code)
        given = {k: v for k, v in asdict(park).items() if k not in ("code", "name")}
        return cls(
            park=park.code, park_name=park.name, district=district.name, authority=district.authority, **given
        )  # fmt: skip

    @property
    def name_lines(self) -> tuple[str, str]:
        """The official name as it is set: the park, then district and suffix (4.3.2)."""
        return self.park_name, f"{self.district}{SUFFIX}"

    def opened(self) -> StationOpened:
        return StationOpened(
            park=self.park, official_name="".join(self.name_lines), park_name=self.park_name, short=self.short,
            district=self.district, industries=self.industries, window=self.window,
        )  # fmt: skip

    def view(self) -> StationView:
        return StationView(official_name="".join(self.name_lines), name_lines=self.name_lines, **asdict(self))


class Stations(Protocol):
    """Every station there is, one a park."""

    def get(self, park: str) -> Station | None: ...

    def put(self, station: Station) -> None: ...

    def all(self) -> list[Station]: ...
