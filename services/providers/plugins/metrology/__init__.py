"""Metrology services (clause 5.3): ledgers and compulsory verification are answered at once."""

from services.providers.plugin import Accepted, Category, Declined, Desk, Item, Job, provides
from services.providers.plugins.metrology import verification
from services.providers.plugins.metrology.verification import INSTRUMENTS, JUDGED
from services.providers.results import MATERIALS, STEPS
from services.providers.training import training
from shared.forms import choice, day, flag, integer, paragraph, table, text

REGISTER = (
    "登录强制检定管理信息系统，用统一社会信用代码注册为器具使用单位",
    "逐件登记造册：名称、型号规格、测量范围、准确度等级、出厂编号、制造单位、使用地点和用途",
    "核对无误后提交备案",
    "在系统里向指定的计量检定机构申请强制检定，约定送检或上门",
    "检定合格后领证书，把检定日期和下次到期日记入台账；合格前不要使用",
)
LEDGER = (
    "给每件器具编号、贴标识，把这份清单作为台账的底稿",
    "要强制检定的另列一册，办登记备案；其余的按用途定检定或校准的间隔",
    "每次检定、校准后更新日期并存证书，到期前一个月预约下一次",
)
CHECK = "标着“请问服务站”的，请把铭牌照片发给服务站的计量专员核对"


@provides("metrology")
class Metrology(Category):
    """Answers what follows from law and dates itself; measuring is for qualified institutions."""

    clause = "5.3"
    title = "计量服务"
    title_en = "Metrology"
    summary = "量具、仪表要检定或校准，强制检定怎么办，台账怎么建，找这里。"
    summary_en = "Verification and calibration of instruments, ledgers, type approval."
    items = {
        "a": Item(
            title="计量能力查询和器具台账",
            title_en="Metrology capability and instrument ledger",
            form={
                "want": choice(
                    "想要什么",
                    {
                        "ledger": ("建计量器具台账", "An instrument ledger"),
                        "institutions": (
                            "查谁能检定、校准", "Who can verify or calibrate",
                        ),
                    },
                    en="Wanted",
                ),
                **INSTRUMENTS,
            },
            result={
                **JUDGED,
                "institutions": table(
                    "能做的计量技术机构",
                    {
                        "name": text("机构", en="Institution"),
                        "scope": text("能做的项目和范围", en="Scope"),
                        "certificate_no": text(
                            "授权或认可证书编号", en="Certificate number", required=False, most=60
                        ),
                    },
                    required=False,
                    en="Institutions",
                ),
                **STEPS,
            },
            words=(
                "计量器具", "台账", "器具台账", "量值溯源", "量传溯源", "计量机构", "计量技术机构",
                "计量能力", "校准能力", "检定能力", "器具清单", "量具管理", "计量标识", "计量档案",
            ),
            phrases=(
                "厂里仪表没有登记过，想列一个清单管起来", "不知道哪家计量院能校我们的设备，帮忙查一查",
                "量具没有编号也没有记录，怎么建档", "想查省内哪些机构有校准高压表的能力",
                "计量器具要分ABC类，怎么分、怎么贴标识", "量值溯源图不会画，请指导",
            ),
            example={
                "want": "ledger",
                "instruments": [
                    {"name": "电子秤", "count": 2, "last_verified": "2026-05-20", "use": "trade"},
                    {"name": "卡尺", "model": "0～150 mm", "count": 6, "use": "other"},
                ],
            },
            example_result={
                "conclusion": "清单共 2 行、8 件，1 行要强制检定。",
                "instruments": [
                    {
                        "name": "电子秤", "count": 2, "use": "trade", "verdict": "compulsory",
                        "regulation": "JJG 539", "months": 12, "due": "2027-05-20",
                        "state": "valid",
                    },
                    {
                        "name": "卡尺", "model": "0～150 mm", "count": 6, "use": "other",
                        "verdict": "voluntary", "regulation": "JJG 30", "months": 12,
                        "state": "first",
                    },
                ],
                "basis": verification.BASIS,
                "steps": [{"step": step} for step in LEDGER],
            },
            days=3,
        ),
        "b": Item(
            title="强制检定办理指导",
            title_en="Guidance on compulsory verification",
            form=INSTRUMENTS,
            result={**JUDGED, **STEPS},
            words=(
                "强制检定", "强检", "登记造册", "器具备案", "计量备案", "申请检定", "检定周期",
                "检定到期", "贸易结算", "压力表", "电子秤", "地磅", "汽车衡", "血压计", "加油机",
                "电子天平",
            ),
            phrases=(
                "超市收银用的秤要不要强检，去哪里申请", "单位的血压计和体温计多久检一次，要不要备案",
                "加油站的加油机怎样在网上报检", "安全阀上的表到期了，强制检定怎么预约",
                "地磅是做买卖用的，要怎么登记造册", "强检系统里账号怎么注册、器具怎么录入",
                "哪些计量器具属于强制检定目录",
            ),
            example={
                "instruments": [
                    {"name": "压力表", "model": "Y-100", "count": 4, "use": "safety"},
                    {
                        "name": "电子天平", "count": 1, "last_verified": "2026-05-20",
                        "use": "trade",
                    },
                ],
            },
            example_result={
                "conclusion": "清单共 2 行、5 件，2 行要强制检定。",
                "instruments": [
                    {
                        "name": "压力表", "model": "Y-100", "count": 4, "use": "safety",
                        "verdict": "compulsory", "regulation": "JJG 52", "months": 6,
                        "state": "first",
                    },
                    {
                        "name": "电子天平", "count": 1, "use": "trade", "verdict": "compulsory",
                        "regulation": "JJG 1036", "months": 12, "due": "2027-05-20",
                        "state": "valid",
                    },
                ],
                "basis": verification.BASIS,
                "steps": [{"step": step} for step in REGISTER],
            },
            days=3,
        ),
        "c": Item(
            title="型式批准申请咨询",
            title_en="Advice on type approval",
            form={
                "instrument": text("什么计量器具", en="Instrument", example="超声波水表"),
                "origin": choice(
                    "谁制造的",
                    {
                        "own": ("自己制造", "Made by ourselves"),
                        "imported": ("进口", "Imported"),
                    },
                    en="Origin",
                ),
                "performance": paragraph(
                    "主要计量性能",
                    en="Metrological performance",
                    hint="测量范围、准确度等级、工作条件",
                    example="DN20，2 级，0.1～55 ℃",
                ),
                "samples": integer(
                    "已有几台样机", en="Prototypes", required=False, least=0, unit="台"
                ),
            },
            result={
                "needed": flag("要办型式批准", en="Type approval needed"),
                "conclusion": paragraph("结论", en="Conclusion"),
                "laboratory": text("型式评价实验室", en="Evaluation laboratory", required=False),
                **STEPS,
                **MATERIALS,
                "certificate_no": text(
                    "型式批准证书编号", en="Type approval number", required=False, most=60
                ),
            },
            words=(
                "型式批准", "型式评价", "型批", "CPA", "评价实验室", "样机", "计量器具新产品",
                "定型鉴定", "制造计量器具", "生产计量器具", "进口计量器具", "型式评价大纲",
            ),
            phrases=(
                "自己生产电能表，上市前要办什么计量许可", "新设计的水表想做定型鉴定",
                "进口的称重仪在国内卖要不要型式批准", "CPA证书怎么申请，要送几台样机",
                "燃气表改了结构，原来的批准还有效吗", "联系哪家实验室做型式评价试验",
            ),
            example={
                "instrument": "超声波水表", "origin": "own", "performance": "DN20，2 级，0.1～55 ℃",
                "samples": 3,
            },
            example_result={
                "needed": True,
                "conclusion": "水表在目录内，要先做型式评价再申请批准。",
                "laboratory": "示例型式评价实验室",
                "steps": [{"step": "备齐图样和企业标准，送样机评价", "who": "企业"}],
                "materials": [{"material": "样机照片", "why": "申请书要附"}],
            },
            days=10,
        ),
        "d": Item(
            title="计量检定和校准",
            title_en="Verification and calibration",
            form={
                "instruments": table(
                    "要检定或校准的器具",
                    {
                        "name": text("名称", en="Name"),
                        "model": text("型号规格", en="Model", required=False, most=60),
                        "range": text(
                            "测量范围和准确度", en="Range and accuracy", required=False,
                            example="0～25 mm，0.01 mm",
                        ),
                        "count": integer("数量", en="Count", least=1, most=100_000),
                    },
                    en="Instruments",
                ),
                "kind": choice(
                    "要哪一种证书",
                    {
                        "verification": ("检定证书", "Verification"),
                        "calibration": ("校准证书", "Calibration"),
                        "unsure": ("不清楚", "Not sure"),
                    },
                    en="Certificate",
                ),
                "where": choice(
                    "在哪里做",
                    {"laboratory": ("送检", "At the laboratory"), "site": ("上门", "On site")},
                    en="Where",
                ),
                "before": day("希望在哪天前做完", en="Wanted before", required=False),
            },
            result={
                "institution": text("计量技术机构", en="Institution"),
                "certificates": table(
                    "证书",
                    {
                        "instrument": text("器具和编号", en="Instrument and serial number"),
                        "certificate_no": text("证书编号", en="Certificate number", most=60),
                        "outcome": choice(
                            "结论",
                            {
                                "pass": ("检定合格", "Verified"),
                                "fail": ("检定不合格", "Rejected"),
                                "calibrated": ("已校准", "Calibrated"),
                            },
                            en="Outcome",
                        ),
                        "done_on": day("日期", en="Done on"),
                        "next_on": day("下次日期", en="Next on", required=False),
                    },
                    en="Certificates",
                ),
                "remarks": paragraph("使用建议", en="Remarks", required=False),
            },
            words=(
                "校准", "检定", "计量", "计量检定", "校准证书", "检定证书", "上门校准", "现场校准",
                "溯源", "量具", "卡尺", "千分尺", "百分表", "万用表", "温湿度计", "传感器",
                "三坐标", "热电偶", "示值误差", "不确定度",
            ),
            phrases=(
                "游标卡尺和百分表到期了，要出校准证书", "温湿度记录仪想找人来现场校",
                "拉力机的力值不准，要做计量校准", "客户审厂要看量具的检定证书", "几支热电偶和压力变送器要送去检",
                "电子秤想做一次校准，最快几天能拿到证书", "加速度计、扭矩扳手能不能校",
                "仪器的示值误差和不确定度要请机构给出来",
            ),
            example={
                "instruments": [{"name": "百分表", "range": "0～10 mm，0.01 mm", "count": 4}],
                "kind": "calibration", "where": "laboratory",
            },
            example_result={
                "institution": "示例计量检测院",
                "certificates": [
                    {
                        "instrument": "百分表 A01", "certificate_no": "JL-2026-5501",
                        "outcome": "calibrated", "done_on": "2026-12-08",
                    }
                ],
            },
            days=10,
        ),
        "e": training(
            title="计量法规和管理培训",
            title_en="Training in metrology law and management",
            topic="企业计量器具怎样分类管理",
            content="计量法、强制检定、内部校准和记录",
            outcome="各人改好本部门的台账",
            words=(
                "计量培训", "计量法", "计量法规", "计量知识", "计量管理", "计量管理员", "计量人员",
                "检定员", "校准员", "计量师", "测量管理体系", "法定计量单位", "计量宣贯",
            ),
            phrases=(
                "想给仓管和质检讲一讲计量法", "计量员要持证上岗，哪里能学", "请人来培训测量不确定度怎么评定",
                "新来的校准员需要学习操作规程", "测量管理体系的课程什么时候办", "厂里没人懂计量管理，想听课",
            ),
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted | Declined:
        if job.item not in ("a", "b"):
            return Accepted(note="服务站的计量专员替您联系有授权的计量技术机构，约好时间和费用再开始。")
        rows = job.details["instruments"]
        if wrong := verification.faults(rows, job.today):
            return Declined("".join(wrong))
        if job.details.get("want") == "institutions":
            return Accepted(note="服务站的计量专员查清哪些机构在授权范围内能做，再把名单告诉您。")
        lines = [verification.judged(row, job.today) for row in rows]
        return Accepted(
            note="已按您的清单逐项算好，可以照着办；有疑问请找服务站的计量专员。",
            result={
                "conclusion": verification.summed_up(lines),
                "instruments": lines,
                "basis": verification.BASIS,
                "steps": [{"step": step} for step in _steps(job.item, lines)],
            },
        )


def _steps(letter: str, lines: list[dict[str, object]]) -> list[str]:
    """What to do next: registering is only for those who have something to register."""
    verdicts = {line["verdict"] for line in lines}
    unclear = "ask" in verdicts or any(line["state"] == "ask" for line in lines)
    if letter == "a":
        steps = list(LEDGER)
    elif "compulsory" in verdicts:
        steps = list(REGISTER)
    elif "ask" in verdicts:
        steps = ["先核对目录，确定要强制检定的再登记备案"]
    else:
        steps = ["不用登记备案；请自行定检定或校准的间隔，并保存证书"]
    return [*steps, CHECK] if unclear else steps
