"""Quality innovation services (clause 5.9)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import STEPS
from shared.forms import choice, day, flag, number, paragraph, table, text


@provides("innovation")
class Innovation(Category):
    """Brings companies together with those who know, and answers risks first."""

    clause = "5.9"
    title = "质量创新服务"
    title_en = "Quality innovation"
    summary = "和高校一起攻关、把成果用起来、应对召回和贸易壁垒，找这里。"
    summary_en = "Joint research, putting results to use, recalls and trade measures."
    items = {
        "a": Item(
            title="产学研合作和技术攻关",
            title_en="Joint research and development",
            form={
                "problem": paragraph(
                    "要攻克的技术问题", en="Technical problem", hint="写现在的指标和想达到的指标"
                ),
                "product": text("用在什么产品上", en="Product"),
                "have": paragraph("已有的条件", en="Means at hand", required=False),
                "budget": number("能投入多少", en="Budget", required=False, least=0, unit="万元"),
            },
            result={
                "conclusion": paragraph("对接结果", en="Conclusion"),
                "partner": text("合作的高校、院所或企业", en="Partner"),
                "agreement_no": text("协议编号", en="Agreement number", required=False, most=60),
                "milestones": table(
                    "合作计划",
                    {
                        "milestone": text("要做到什么", en="Milestone"),
                        "by": day("什么时候前", en="Before", required=False),
                    },
                    required=False,
                    en="Plan",
                ),
            },
            words=(
                "产学研", "高校", "大学", "科研院所", "研究院", "校企合作", "联合攻关", "技术攻关",
                "攻关", "产品研发", "新产品开发", "联合研发", "联合实验室", "技术难题", "关键技术",
                "核心技术", "中试",
            ),
            phrases=(
                "想找大学教授一起研发新产品", "关键零件做不出来，想请研究院攻关", "和高校共建联合实验室怎么谈",
                "研发卡在材料配方上，想找科研团队合作", "想申报产学研项目，缺合作单位", "核心技术被卡，需要联合攻关",
                "从样机到量产缺中试平台",
            ),
            example={
                "problem": "电池外壳散热，想把温升从 25 ℃ 降到 15 ℃", "product": "电动自行车电池",
                "budget": 30,
            },
            example_result={
                "conclusion": "已与一个材料课题组谈定，先做三个月的可行性试验。",
                "partner": "示例大学材料学院",
                "milestones": [{"milestone": "交出两种样件", "by": "2027-03-31"}],
            },
            days=30,
        ),
        "b": Item(
            title="应用研究和成果转化",
            title_en="Applied research and technology transfer",
            form={
                "side": choice(
                    "您这边是",
                    {
                        "have": ("有成果，想找人用", "We have a result"),
                        "seek": ("想找成果来用", "We look for one"),
                    },
                    en="Side",
                ),
                "technology": paragraph(
                    "成果或需要的技术", en="Technology", hint="先不要写秘密内容"
                ),
                "maturity": choice(
                    "做到哪一步了",
                    {
                        "lab": ("实验室", "Laboratory"),
                        "pilot": ("小试、中试", "Pilot"),
                        "product": ("已能量产", "Ready for production"),
                    },
                    required=False,
                    en="Maturity",
                ),
                "rights": text("相关的专利号等", en="Related rights", required=False),
            },
            result={
                "conclusion": paragraph("对接结果", en="Conclusion"),
                "meetings": table(
                    "对接过的单位",
                    {
                        "party": text("单位", en="Party"),
                        "met_on": day("日期", en="Met on"),
                        "outcome": text("结果", en="Outcome"),
                    },
                    en="Parties met",
                ),
                "contract_no": text("合同编号", en="Contract number", required=False, most=60),
            },
            words=(
                "成果转化", "科技成果", "技术转让", "技术许可", "技术入股", "技术交易", "技术转移",
                "应用研究", "应用技术", "推广应用", "产业化", "转化", "技术对接", "成果评价",
                "技术需求",
            ),
            phrases=(
                "实验室的成果想卖给工厂", "有一项专利技术想转让，找买家", "想引进成熟的技术，帮忙找项目",
                "成果评价和技术合同登记怎么办", "技术入股怎么谈", "我们有技术需求，想对接高校的科技成果",
                "新工艺做成了，想推广到更多企业用",
            ),
            example={
                "side": "seek", "technology": "低温固化的水性漆", "maturity": "pilot",
            },
            example_result={
                "conclusion": "与一家研究所达成试用意向。",
                "meetings": [
                    {"party": "示例涂料研究所", "met_on": "2026-12-11", "outcome": "寄样试用"}
                ],
            },
            days=30,
        ),
        "c": Item(
            title="风险评估、召回和贸易措施应对",
            title_en="Risk assessment, recalls and trade measures",
            form={
                "kind": choice(
                    "遇到哪一种",
                    {
                        "risk": ("质量安全风险", "Safety risk"),
                        "recall": ("缺陷和召回", "Defect and recall"),
                        "trade": ("国外技术性贸易措施", "Foreign technical trade measure"),
                    },
                    en="Kind",
                ),
                "product": text("产品和型号", en="Product and model"),
                "market": text("卖到哪里、大约多少件", en="Markets and quantity"),
                "facts": paragraph("发生了什么", en="What happened"),
                "answer_before": day(
                    "对方要求在哪天前答复", en="Answer due before", required=False
                ),
            },
            result={
                "level": choice(
                    "风险等级",
                    {
                        "serious": ("严重", "Serious"),
                        "high": ("高", "High"),
                        "medium": ("中", "Medium"),
                        "low": ("低", "Low"),
                    },
                    en="Risk level",
                ),
                "conclusion": paragraph("评估结论", en="Conclusion"),
                "recall": flag("要召回", en="Recall needed"),
                **STEPS,
                "report_no": text("报告编号", en="Report number", required=False, most=60),
            },
            words=(
                "召回", "缺陷产品", "产品缺陷", "风险评估", "风险监测", "风险预警", "产品安全",
                "伤害事件", "技术性贸易", "贸易措施", "贸易壁垒", "技术壁垒", "TBT", "通报",
                "RAPEX", "退运", "扣留", "出口受阻",
            ),
            phrases=(
                "产品有安全隐患，要不要召回", "出口的货被海关退运，怎么办", "国外出了新的技术法规，我们会不会受影响",
                "收到RAPEX通报，怎样应对", "儿童用品想做风险评估", "遇到技术性贸易壁垒，请专家支招",
                "发现已卖出的批次有缺陷，怎样报告和处理", "想监测产品的质量安全风险",
            ),
            example={
                "kind": "recall", "product": "儿童滑板车 S1", "market": "国内，约 2,000 台",
                "facts": "两起把手松脱", "answer_before": "2026-12-20",
            },
            example_result={
                "level": "high",
                "conclusion": "把手锁扣有设计缺陷，应主动召回。",
                "recall": True,
                "steps": [{"step": "停止销售并报告召回计划", "who": "企业", "by": "2026-12-05"}],
            },
            days=10,
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的质量创新专员先核实情况和期限，再请高校、院所或专家与您谈。")
