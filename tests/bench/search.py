"""Searching dossiers, 100,000 of them: how long the slowest twentieth of questions takes, on either database."""

import random
import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import sqlalchemy as sa

from services.archive.domain.search import BREAK, Summary, mark, words_of
from services.archive.store import UnitOfWork
from services.archive.store.search import Summaries
from shared import config
from shared.contracts.archive import SearchDossiers
from shared.store import Cause, connect
from shared.upgrade import upgrade
from tests.system import ADMIN

STATIONS = [f"park{n}" for n in range(12)]
THINGS = ("压力表", "卡尺", "千足金戒指", "智能门锁", "锅炉", "血压计", "电动自行车", "防爆电机", "充电桩", "电子秤")
WISHES = ("要校准", "送检", "申请认证", "想立项团体标准", "做检测", "咨询专利", "能否上门强制检定", "想借用试验设备")
PLACES = ("番禺", "天安", "南村", "大石", "钟村", "石碁", "市桥", "沙湾", "化龙", "石楼")
KINDS = ("珠宝", "精密机械", "电子科技", "食品", "医疗器械", "新材料", "智能装备", "环保")
TEXTS = ("金", "校准", "千足金", "压力表要校准", "番禺珠宝", "2026-004211", "客户反映读数偏差", "没有的词", "")
FILTERS = ({}, {"park": "park3"}, {"year": "2026"}, {"park": "park5", "category": "metrology"})
ROUNDS = 6
TOGETHER = 2000


def measure(home: Path, database_url: str, count: int) -> dict[str, float]:
    """Fill an archive with that many dossiers, and ask; milliseconds."""
    with patch.dict("os.environ", {"NQI_HOME": str(home), "DATABASE_URL": database_url}):
        config.settings.cache_clear()
        try:
            upgrade("archive")
            engine = connect("archive", pool=2)
            began = time.perf_counter()
            _fill(engine, count)
            filled = time.perf_counter() - began
            took = [seconds * 1000 for seconds in _ask(engine)]
            engine.dispose()
        finally:
            config.settings.cache_clear()
    cuts = statistics.quantiles(took, n=100)
    return {
        "dossiers": count, "listed_per_second": round(count / filled), "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1), "worst_ms": round(max(took), 1),
    }  # fmt: skip


def _fill(engine: sa.Engine, count: int) -> None:
    any_ = random.Random(7)
    for start in range(0, count, TOGETHER):
        with engine.connect() as connection, connection.begin():
            Summaries(connection).add([_summary(any_, n) for n in range(start, min(start + TOGETHER, count))])
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection, connection.begin():
            connection.execute(sa.text("ANALYZE summaries"))


def _summary(any_: random.Random, n: int) -> Summary:
    park, year = any_.choice(STATIONS), any_.choice(("2024", "2025", "2026"))
    company = f"{any_.choice(PLACES)}{any_.choice(KINDS)}{n % 997}有限公司"
    thing, wish = any_.choice(THINGS), any_.choice(WISHES)
    text = f"{thing}{wish}，共 {any_.randrange(1, 90)} 件，客户反映读数偏差，希望本周内上门。"
    number, category = f"天安{year}-{n:06d}", any_.choice(("metrology", "testing", "certification"))
    told = [number, f"天安档{year}-{n:06d}", company, text, thing, f"JZ-{n:07d}", "陈专员", "很满意，下次还来"]
    marks = [mark("park", park), mark("year", year), mark("category", category), mark("served", "station")]
    at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
    return Summary(
        item_id=f"i{n}", request_id=f"r{n}", park=park, number=number, file_number=f"天安档{year}-{n:06d}",
        company=company, title=thing, category=category, item="5.3.b", by_organization=False, score=5, closed_at=at,
        sealed_at=at, words=" ".join([*marks, *(word for text in told for word in (BREAK, *words_of(text)))]),
    )  # fmt: skip


def _ask(engine: sa.Engine) -> Iterator[float]:
    for _ in range(ROUNDS):
        for text in TEXTS:
            for filters in FILTERS:
                for parks in (("*",), ("park3", "park5", "park7")):
                    query = SearchDossiers(text=text, **filters)
                    began = time.perf_counter()
                    with UnitOfWork(engine, Cause(kind="query", actor=ADMIN)) as uow:
                        uow.summaries.search(query, parks)
                    yield time.perf_counter() - began
