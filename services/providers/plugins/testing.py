"""Inspection and testing services (clause 5.4)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import MEASUREMENTS, REPORT
from services.providers.training import training
from shared.forms import choice, day, flag, integer, paragraph, table, text

EQUIPMENT = {
    "boiler": ("锅炉", "Boiler"),
    "vessel": ("压力容器（含气瓶）", "Pressure vessel or gas cylinder"),
    "pipe": ("压力管道", "Pressure piping"),
    "lift": ("电梯", "Lift"),
    "crane": ("起重机械", "Lifting appliance"),
    "vehicle": ("场（厂）内专用机动车辆", "On-site vehicle"),
    "ride": ("大型游乐设施", "Amusement ride"),
    "ropeway": ("客运索道", "Passenger ropeway"),
}


@provides("testing")
class Testing(Category):
    """Every test is matched to a laboratory that is qualified for it."""

    clause = "5.4"
    title = "检验检测服务"
    title_en = "Inspection and testing"
    summary = "找检测机构、送检出报告、研发试验、特种设备检验，找这里。"
    summary_en = "Laboratories, test reports, tests in development, special equipment."
    items = {
        "a": Item(
            title="检验检测机构查询",
            title_en="Finding a laboratory",
            form={
                "product": text("要检什么产品", en="Product"),
                "tests": paragraph(
                    "检测项目或标准号", en="Tests or standards", hint="不清楚就写检测的目的"
                ),
                "cma": flag("机构要有 CMA 资质", en="CMA required"),
                "cnas": flag("机构要有 CNAS 认可", en="CNAS required"),
            },
            result={
                "conclusion": paragraph("查询结论", en="Conclusion"),
                "laboratories": table(
                    "能做的机构",
                    {
                        "name": text("机构", en="Laboratory"),
                        "scope": text("能做的项目", en="Scope"),
                        "certificate_no": text("资质证书编号", en="Certificate number", most=60),
                        "valid_until": day("资质有效期至", en="Valid until", required=False),
                    },
                    required=False,
                    en="Laboratories",
                ),
                "checked_on": day("查询日期", en="Checked on"),
            },
            words=(
                "检测机构", "检验机构", "检验检测机构", "检测单位", "机构查询", "实验室",
                "检测能力", "检测资质", "检测范围", "CNAS", "哪里检测", "哪里能检", "找检测",
                "检测中心",
            ),
            phrases=(
                "想找一家有资质的检测机构，帮忙推荐", "附近哪里能测甲醛", "有没有CNAS认可的实验室能做电池测试",
                "不知道这个项目哪家能检，帮查一下机构", "想知道某检测中心的资质范围包不包括我们的产品",
                "测噪声该找谁，请给几家名单",
            ),
            example={"product": "儿童水杯", "tests": "双酚 A 迁移量", "cma": True},
            example_result={
                "conclusion": "有 1 家在授权范围内。",
                "laboratories": [
                    {
                        "name": "示例检测中心", "scope": "食品接触材料 双酚 A 迁移量",
                        "certificate_no": "示例 2026001", "valid_until": "2029-05-31",
                    }
                ],
                "checked_on": "2026-12-01",
            },
            days=2,
        ),
        "b": Item(
            title="委托检验检测",
            title_en="Commissioned testing",
            form={
                "product": text("样品名称和型号", en="Sample and model"),
                "samples": integer("样品数量", en="Number of samples", least=1, unit="件"),
                "tests": paragraph(
                    "检测项目或依据的标准",
                    en="Tests or standards",
                    hint="不清楚就写报告给谁看、要证明什么",
                ),
                "use": choice(
                    "报告用在哪里",
                    {
                        "customer": ("客户要求", "For a customer"),
                        "shop": ("上架、入驻平台", "For a sales platform"),
                        "tender": ("招标投标", "For a tender"),
                        "authority": ("政府部门要求", "For an authority"),
                        "internal": ("自己了解", "For ourselves"),
                    },
                    en="Use of the report",
                ),
                "cma": flag("报告要带 CMA 标志", en="Report with the CMA mark"),
                "before": day("希望在哪天前拿到报告", en="Report wanted before", required=False),
            },
            result={
                **REPORT,
                "verdict": choice(
                    "检测结论",
                    {
                        "pass": ("合格", "Pass"),
                        "fail": ("不合格", "Fail"),
                        "data": ("只给数据", "Data only"),
                    },
                    en="Verdict",
                ),
                **MEASUREMENTS,
                "cma": flag("报告带 CMA 标志", en="The report bears the CMA mark"),
            },
            words=(
                "检测", "检验", "送检", "委托检测", "委托检验", "检测报告", "检验报告", "质检报告",
                "CMA", "样品", "抽样", "抽检", "检验检测", "资质认定", "成分检测", "含量", "纯度",
                "有害物质", "RoHS", "理化",
            ),
            phrases=(
                "一批面料要送检，出有CMA章的报告", "电商平台要求上传质检报告，想委托检验",
                "投标要用检验报告，三天内能出吗", "玩具出口前要测有害物质", "饮用水的理化指标想检一检",
                "黄金首饰的含量要检测", "原料成分不明，想做成分分析", "市场监管抽检不合格，想另找机构复检",
                "食品标签和营养成分要检测",
            ),
            example={
                "product": "儿童水杯 B-2", "samples": 3, "tests": "GB 4806.7 全项",
                "use": "shop", "cma": True, "before": "2026-12-18",
            },
            example_result={
                "conclusion": "所检项目符合 GB 4806.7 的要求。",
                "report_no": "JC-2026-0881", "issued_on": "2026-12-16", "issuer": "示例检测中心",
                "verdict": "pass",
                "measurements": [
                    {
                        "name": "总迁移量", "method": "GB 31604.8", "required": "≤10 mg/dm²",
                        "found": "2.1 mg/dm²", "verdict": "pass",
                    }
                ],
                "cma": True,
            },
            days=15,
        ),
        "c": Item(
            title="研发和生产过程检测",
            title_en="Testing in development and production",
            form={
                "product": text("产品、零件或材料", en="Product, part or material"),
                "stage": choice(
                    "在哪个阶段",
                    {
                        "development": ("研发、打样", "Development"),
                        "pilot": ("小试、中试", "Pilot production"),
                        "incoming": ("来料", "Incoming goods"),
                        "process": ("生产过程", "Production"),
                        "final": ("出厂前", "Before delivery"),
                    },
                    en="Stage",
                ),
                "tests": paragraph(
                    "想试什么、条件怎样",
                    en="Tests and conditions",
                    example="85 ℃、85% 湿度 500 小时",
                ),
                "samples": integer("能给几件样品", en="Samples", least=1, unit="件"),
                "confidential": flag("要签保密协议", en="Under a confidentiality agreement"),
            },
            result={
                **REPORT,
                **MEASUREMENTS,
                "suggestion": paragraph("改进建议", en="Suggestion", required=False),
            },
            words=(
                "研发检测", "过程检验", "来料检验", "出厂检验", "首件检验", "试验", "可靠性",
                "耐久", "老化试验", "寿命试验", "环境试验", "失效分析", "稳定性", "型式试验",
                "打样", "验证试验", "对比试验",
            ),
            phrases=(
                "样品做出来了，想做老化和跌落试验", "研发中的电机要测温升和寿命", "来料不放心，想做进厂检验",
                "新材料想测高低温下的性能", "打样阶段要反复测试，小批量能接吗", "产品开裂找不到原因，要做失效分析",
                "防水等级和振动试验哪里能做", "新产品定型前要做可靠性验证", "生产线上半成品要抽样测一测",
            ),
            example={
                "product": "路灯驱动电源", "stage": "development",
                "tests": "85 ℃、85% 湿度 500 小时", "samples": 6, "confidential": True,
            },
            example_result={
                "conclusion": "6 件中 1 件在 420 小时后失效。",
                "report_no": "SY-2026-0107", "issued_on": "2027-01-15", "issuer": "示例试验室",
                "measurements": [
                    {"name": "湿热后输出电压", "found": "5 件正常，1 件无输出", "verdict": "none"}
                ],
                "suggestion": "检查电解电容的密封。",
            },
            days=20,
        ),
        "d": training(
            title="检验检测培训",
            title_en="Training in inspection and testing",
            topic="来料抽样检验怎么做",
            content="抽样方案、判定规则、记录和标识",
            outcome="现场实操，每人完成一批抽样",
            words=(
                "检测培训", "检验培训", "检验检测培训", "检验员", "化验员", "检测人员", "抽样培训",
                "实验室管理", "实验室人员", "ISO/IEC 17025", "17025", "检测技术培训", "实操培训",
            ),
            phrases=(
                "化验员想学习滴定操作", "检验员上岗前要培训考核", "实验室要申请认可，想学17025",
                "想请老师教我们做抽样检验", "检测设备操作的实操班有没有", "请人讲讲实验室管理和记录怎么写",
            ),
        ),
        "e": Item(
            title="特种设备检验检测",
            title_en="Inspection of special equipment",
            form={
                "equipment": table(
                    "要检的设备",
                    {
                        "kind": choice("种类", EQUIPMENT, en="Kind"),
                        "code": text(
                            "设备代码或使用登记证编号",
                            en="Equipment code or registration number",
                            required=False,
                            hint="新设备还没有就不填",
                            most=60,
                        ),
                        "count": integer("台数", en="Count", least=1, most=999),
                        "due": day("下次检验日期", en="Inspection due", required=False),
                    },
                    en="Equipment",
                ),
                "inspection": choice(
                    "检验类别",
                    {
                        "periodic": ("定期检验", "Periodic inspection"),
                        "supervision": ("安装、改造、修理监督检验", "Installation or repair"),
                        "unsure": ("不清楚", "Not sure"),
                    },
                    en="Inspection",
                ),
                "place": text("设备在哪里", en="Place", hint="写到楼栋或车间"),
            },
            result={
                "reports": table(
                    "检验报告",
                    {
                        "equipment": text("设备", en="Equipment"),
                        "report_no": text("报告编号", en="Report number", most=60),
                        "verdict": choice(
                            "结论",
                            {
                                "pass": ("合格", "Pass"),
                                "repass": ("复检合格", "Pass on re-inspection"),
                                "fail": ("不合格", "Fail"),
                            },
                            en="Verdict",
                        ),
                        "inspected_on": day("检验日期", en="Inspected on"),
                        "next_on": day("下次检验日期", en="Next inspection", required=False),
                    },
                    en="Reports",
                ),
                "issuer": text("检验机构", en="Inspection body"),
                "defects": paragraph("要整改的问题", en="Defects to mend", required=False),
            },
            words=(
                "特种设备", "电梯", "锅炉", "压力容器", "压力管道", "起重机", "起重机械", "行车",
                "叉车", "厂内机动车", "游乐设施", "索道", "气瓶", "储气罐", "安全阀", "定期检验",
                "监督检验", "年检", "使用登记",
            ),
            phrases=(
                "货梯到了年检的时间，怎么报检", "锅炉要办使用登记和检验", "厂里的叉车没有检验过，怎么办手续",
                "储气罐的安全阀和压力容器要定检", "行车要做监督检验，找谁", "游乐园的过山车要检验",
                "压力管道安装完要监检",
            ),
            example={
                "equipment": [{"kind": "lift", "code": "示例梯 001", "count": 1}],
                "inspection": "periodic", "place": "3 号楼货梯",
            },
            example_result={
                "reports": [
                    {
                        "equipment": "3 号楼货梯", "report_no": "TJ-2026-3001", "verdict": "pass",
                        "inspected_on": "2026-12-09", "next_on": "2027-12-09",
                    }
                ],
                "issuer": "示例特种设备检测院",
            },
            days=20,
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的检测专员替您找授权范围内的机构，报价和周期经您同意后才开始。")
