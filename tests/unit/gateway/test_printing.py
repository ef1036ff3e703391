"""A dossier on paper: the item's whole story in Chinese, PDF/A, the same each time."""

import json
import subprocess
import sys
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.archive.handlers import dossiers, grants, ledger
from services.gateway.language import ZH, speech
from services.gateway.printing.sheet import Sheet
from services.gateway.targets import Names
from shared.access import Actor
from shared.contracts.archive import OpenDossier
from tests.builders import NOON
from tests.unit.archive.fakes import FakeArchive
from tests.unit.archive.stories import life

OWN = Actor(id="c", role="client", requests=("rtianan1",))
ADDRESS = "http://127.0.0.1:8000/track?number=tianan2026-0001"


def sealed(**given):
    work = FakeArchive(now=NOON + timedelta(hours=2))
    ledger.record(life(**given), work)
    dossiers.seal_dossiers(work)
    work.actor = OWN
    return grants.open_dossier(OpenDossier(item_id="itianan1"), work)


def sheet(state, **more):
    made = Sheet(ZoneInfo("Asia/Shanghai"), Names((), speech(ZH)), {}, NOON)
    return made.data(state, "番禺创新科技园番禺区质量基础设施“一站式”服务站", ADDRESS, **more)


def typeset(data):
    done = subprocess.run(
        [sys.executable, "-m", "services.gateway.printing.typeset"],
        input=json.dumps(data, ensure_ascii=False).encode(), capture_output=True, check=True, timeout=60,
    )  # fmt: skip
    return done.stdout


@pytest.mark.clause("7.2.3.1")
def test_a_printed_dossier_holds_every_part_and_the_whole_story():
    data = sheet(sealed(text="#pagebreak() 卡尺要校准", comment="*很快*"))
    assert [part["title"] for part in data["parts"]] == [
        "预约申请", "合同（协议）", "报告或结果数据", "服务人员", "费用收取", "服务评价",
    ]  # fmt: skip
    rows = {label: text for part in data["parts"] for label, text in part["rows"]}
    assert rows["企业原话"] == "#pagebreak() 卡尺要校准"
    assert rows["谁办的"] == "陈专员"
    assert rows["评价"] == "很满意"
    assert [one["what"] for one in data["story"]][-1] == "办结"
    assert data["file_number"] == "tianan档2026-0001"


@pytest.mark.clause("7.2.3.3")
def test_the_print_is_pdf_a_and_the_same_each_time():
    data = sheet(sealed(text="#pagebreak() #panic() 卡尺要校准"))
    first = typeset(data)
    assert first.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>3</pdfaid:part>" in first
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in first
    assert b"NotoSansCJK" in first
    assert typeset(data) == first
    assert typeset(sheet(sealed(), watermark="陈专员 2026-11-24")) != first
