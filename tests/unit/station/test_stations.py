import pytest

from services.station.domain.stations import Station
from shared.contracts.station import GivenDistrict, GivenPark
from shared.errors import Invalid

DISTRICT = GivenDistrict(code="440113", name="番禺区", city="广州市", authority="广州市番禺区市场监督管理局")


@pytest.mark.clause("4.3.2")
def test_the_official_name_is_composed_from_park_and_district():
    station = Station.of(DISTRICT, _park())
    assert station.view().official_name == "高新技术产业园番禺区质量基础设施“一站式”服务站"
    assert station.name_lines == ("高新技术产业园", "番禺区质量基础设施“一站式”服务站")


def _park(**change):
    return GivenPark(**{"code": "gaoxin", "name": "高新技术产业园", "short": "高新", **change})


@pytest.mark.parametrize(
    "change",
    [{"code": ""}, {"code": "9x"}, {"code": "A"}, {"code": "a b"}, {"name": ""}, {"name": " x"}, {"short": ""},
     {"name": "高新技术产业园番禺区质量基础设施“一站式”服务站"}],
)  # fmt: skip
@pytest.mark.clause("4.3.2")
def test_a_park_that_cannot_name_a_station_is_refused(change):
    with pytest.raises(Invalid):
        Station.of(DISTRICT, _park(**change))
