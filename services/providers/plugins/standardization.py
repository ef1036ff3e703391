"""Standardization services (clause 5.2)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import REPORT, STEPS
from services.providers.training import training
from shared.forms import choice, day, flag, paragraph, table, text


@provides("standardization")
class Standardization(Category):
    """Staff look standards up themselves and bring in drafters and assessors for the rest."""

    clause = "5.2"
    title = "标准化服务"
    title_en = "Standardization"
    summary = "查标准、写标准、公开标准、对标和标准体系，找这里。"
    summary_en = "Finding, writing, declaring and comparing standards; standard systems."
    items = {
        "a": Item(
            title="标准和政策查询",
            title_en="Looking up standards and policies",
            form={
                "kind": choice(
                    "想查什么",
                    {
                        "validity": ("标准还有没有效", "Whether a standard is in force"),
                        "find": ("有哪些适用的标准", "Which standards apply"),
                        "policy": ("法律法规和政策", "Laws and policies"),
                    },
                    en="Kind",
                ),
                "question": paragraph(
                    "要查的标准号或要问的事",
                    en="Standard numbers or question",
                    hint="标准号尽量写全，带年份",
                    example="GB/T 19001—2016 有没有新版",
                ),
                "product": text("用在什么产品或服务上", en="Product or service", required=False),
            },
            result={
                "answer": paragraph("答复", en="Answer"),
                "standards": table(
                    "查到的标准",
                    {
                        "number": text("标准号", en="Number", most=60),
                        "title": text("名称", en="Title"),
                        "status": choice(
                            "状态",
                            {
                                "current": ("现行", "In force"),
                                "coming": ("即将实施", "Coming into force"),
                                "replaced": ("被代替", "Replaced"),
                                "withdrawn": ("废止", "Withdrawn"),
                            },
                            en="Status",
                        ),
                        "replaced_by": text("代替它的标准", en="Replaced by", required=False),
                    },
                    required=False,
                    en="Standards found",
                ),
                "checked_on": day("查询日期", en="Checked on"),
                "source": text(
                    "查询来源", en="Source", example="国家标准全文公开系统"
                ),
            },
            words=(
                "标准", "标准查询", "查标准", "标准号", "标准有效性", "标准信息", "标准文本",
                "现行标准", "作废", "废止", "替代", "新版标准", "标准查新", "适用标准", "执行标准",
                "GB/T", "标准化法", "标准化政策",
            ),
            phrases=(
                "想知道我们的产品该执行哪个国家标准", "合同里写的标准号是不是已经作废了",
                "有没有灯具方面的行业标准可以查", "帮忙找一份标准的正式文本", "这个标准最新版是哪一年的",
                "标准化方面有什么扶持政策和补贴", "标准化法对企业有哪些要求",
                "客户给的标准我们查不到，是不是被别的代替了",
            ),
            example={"kind": "validity", "question": "GB/T 19001—2008 还能用吗"},
            example_result={
                "answer": "2008 年版已被 2016 年版代替，不能再用。",
                "standards": [
                    {
                        "number": "GB/T 19001—2008", "title": "质量管理体系 要求",
                        "status": "replaced", "replaced_by": "GB/T 19001—2016",
                    }
                ],
                "checked_on": "2026-12-01",
                "source": "国家标准全文公开系统",
            },
            days=2,
        ),
        "b": Item(
            title="标准评价和标准化科研",
            title_en="Assessment of standards and standardization research",
            form={
                "kind": choice(
                    "想做哪一种",
                    {
                        "advanced": ("标准先进性评价", "How advanced a standard is"),
                        "effect": ("标准实施效果评价", "Effect of a standard in use"),
                        "research": ("标准化科研", "Standardization research"),
                    },
                    en="Kind",
                ),
                "standard": text("标准号和名称，或研究题目", en="Standard or research topic"),
                "purpose": paragraph("评价结果用在哪里", en="Purpose", required=False),
            },
            result={
                **REPORT,
                "indicators": table(
                    "比较的指标",
                    {
                        "name": text("指标", en="Indicator"),
                        "own": text("本标准", en="This standard"),
                        "compared": text("比较对象", en="Compared with"),
                    },
                    required=False,
                    en="Indicators compared",
                ),
            },
            words=(
                "标准评价", "先进性评价", "标准先进性", "先进性", "实施效果", "效果评价",
                "标准水平", "标准化科研", "标准研究", "标准化课题", "标准验证", "科研成果转标准",
                "指标验证",
            ),
            phrases=(
                "我们的标准比国标严，想请人评一评先进在哪里", "标准实施了三年，想评估用得怎么样、有没有效果",
                "有一项科研成果想变成标准，要做哪些验证", "想申请标准化科研课题",
                "技术指标定得合不合理，想请机构做试验验证", "请专家组对我们的标准做先进性评价",
            ),
            example={"kind": "advanced", "standard": "Q/EX 001—2026 桌面音箱"},
            example_result={
                "conclusion": "三项核心指标达到国内先进水平。",
                "report_no": "PJ-2026-012", "issued_on": "2026-12-20",
                "issuer": "示例标准化研究院",
                "indicators": [{"name": "失真度", "own": "≤1%", "compared": "行业标准 ≤3%"}],
            },
            days=30,
        ),
        "c": Item(
            title="标准制修订和公开指导",
            title_en="Drafting, revising and declaring standards",
            form={
                "level": choice(
                    "哪一级标准",
                    {
                        "international": ("国际标准", "International"),
                        "national": ("国家标准", "National"),
                        "industry": ("行业标准", "Industry"),
                        "local": ("地方标准", "Local"),
                        "group": ("团体标准", "Group"),
                        "enterprise": ("企业标准", "Enterprise"),
                    },
                    en="Level",
                ),
                "work": choice(
                    "要做什么",
                    {
                        "draft": ("制定新标准", "Draft a new one"),
                        "revise": ("修订已有标准", "Revise one"),
                        "declare": ("自我声明公开", "Declare it in public"),
                        "platform": ("搭建团体标准平台", "Set up a group standard platform"),
                    },
                    en="Work",
                ),
                "subject": text("标准写的是什么", en="Subject", example="智能花洒"),
                "drafted": flag("已经有草案", en="A draft exists"),
            },
            result={
                "comments": paragraph("指导意见", en="Guidance"),
                **STEPS,
                "standard_no": text("标准号", en="Standard number", required=False, most=60),
                "published_on": day("发布或公开日期", en="Published on", required=False),
            },
            words=(
                "制修订", "制定标准", "标准制定", "标准修订", "起草", "团体标准", "团标",
                "企业标准", "企标", "地方标准", "行业标准", "国家标准", "国际标准", "自我声明公开",
                "自我声明", "标准公开", "标准立项", "立项", "参编", "标准草案",
            ),
            phrases=(
                "想牵头起草一项行业标准，要走哪些步骤", "我们想参与国家标准的修订，怎么报名",
                "企业产品标准写好了，怎么公开", "协会想搭建团体标准平台，请指导",
                "自己的产品没有国标，想写一个企业标准", "地方标准的立项建议书怎么填",
                "标准草案写完了，请人帮着改一改", "想参编国际标准，有什么门路", "产品标签上的执行标准要怎样自我声明",
            ),
            example={"level": "group", "work": "draft", "subject": "智能花洒", "drafted": False},
            example_result={
                "comments": "可由园区协会立项，先查有没有相近的国家标准。",
                "steps": [
                    {"step": "写立项建议书", "who": "企业", "by": "2027-01-10"},
                    {"step": "组织专家审立项", "who": "社会团体"},
                ],
            },
            days=15,
        ),
        "d": Item(
            title="标准体系建设和试点示范",
            title_en="Standard systems and pilot projects",
            form={
                "kind": choice(
                    "想做哪一种",
                    {
                        "system": ("标准体系建设", "Standard system"),
                        "pilot": ("标准化试点示范", "Standardization pilot"),
                        "conduct": ("标准化良好行为", "Good standardization practice"),
                        "cultivation": (
                            "标准化创新型企业梯度培育", "Cultivation as an innovative enterprise",
                        ),
                    },
                    en="Kind",
                ),
                "business": text("主要产品或服务", en="Main product or service"),
                "existing": paragraph(
                    "现在有哪些标准和人员", en="Standards and people at hand", required=False
                ),
            },
            result={
                "conclusion": paragraph("结论", en="Conclusion"),
                "documents": table(
                    "要建的标准",
                    {
                        "number": text("体系编号", en="Number", most=60),
                        "title": text("名称", en="Title"),
                        "exists": flag("已有", en="Exists"),
                    },
                    required=False,
                    en="Standards of the system",
                ),
                **STEPS,
            },
            words=(
                "标准体系", "体系表", "标准明细表", "试点示范", "标准化试点", "标准化示范",
                "良好行为", "创新型企业", "梯度培育", "标准化管理", "标准化建设", "示范项目",
                "企业标准体系",
            ),
            phrases=(
                "想建一套企业标准体系，体系表怎么搭", "准备申报服务业标准化试点",
                "标准化良好行为企业怎么评、要花多久", "想做高新区的标准化示范项目，请人来辅导",
                "各部门的规章想按标准体系归起来", "标准化创新型企业梯度培育怎么申请",
            ),
            example={"kind": "conduct", "business": "照明灯具"},
            example_result={
                "conclusion": "具备条件，先补齐岗位标准，再申请评价。",
                "documents": [{"number": "GW-01", "title": "装配岗位标准", "exists": False}],
                "steps": [{"step": "编标准体系表", "who": "企业，专家指导", "by": "2027-02-28"}],
            },
            days=20,
        ),
        "e": Item(
            title="对标达标和标准领跑者培育",
            title_en="Benchmarking, adopting and leading standards",
            form={
                "kind": choice(
                    "想做哪一种",
                    {
                        "benchmark": ("对标达标", "Benchmarking"),
                        "adopt": ("采用国际标准或国外先进标准", "Adopting a foreign standard"),
                        "leader": ("企业标准“领跑者”", "Enterprise standard front-runner"),
                    },
                    en="Kind",
                ),
                "product": text("产品或服务", en="Product or service"),
                "standard": text(
                    "现在执行的标准", en="Standard in use", example="Q/EX 002—2025"
                ),
                "target": text("想对的标准或同行", en="Benchmark", required=False),
            },
            result={
                "conclusion": paragraph("结论", en="Conclusion"),
                "gaps": table(
                    "指标对比",
                    {
                        "indicator": text("指标", en="Indicator"),
                        "own": text("现在", en="Now"),
                        "benchmark": text("标杆", en="Benchmark"),
                        "measure": text("怎么补", en="Measure", required=False),
                    },
                    en="Comparison",
                ),
                "declared_on": day("公布对标方案或结果的日期", en="Published on", required=False),
            },
            words=(
                "对标达标", "对标", "达标", "领跑者", "采标", "采用国际标准", "国外先进标准",
                "先进标准", "标准比对", "对标方案", "指标对比", "标准差距", "ISO标准", "IEC",
            ),
            phrases=(
                "想看看我们的指标和国外先进水平差多少", "怎样参加对标达标专项行动", "想采用国际标准，拿采标证书",
                "企业标准想进领跑者名单", "产品要卖到日本，想对照国外标准找差距",
                "请帮我们做一份对标方案，列出关键指标",
            ),
            example={"kind": "leader", "product": "电热水壶", "standard": "Q/EX 002—2025"},
            example_result={
                "conclusion": "能效一项未到领跑者水平，其余都到了。",
                "gaps": [
                    {
                        "indicator": "热效率", "own": "88%", "benchmark": "91%",
                        "measure": "改发热盘",
                    }
                ],
            },
            days=15,
        ),
        "f": training(
            title="标准化知识宣贯培训",
            title_en="Standardization training",
            topic="GB/T 1.1 标准怎么写",
            content="标准的结构、条款的写法、常见错误",
            outcome="每人改一份草案，讲师逐份点评",
            words=(
                "标准化培训", "标准宣贯", "宣贯", "标准化知识", "标准培训", "标准解读", "标准编写",
                "GB/T 1.1", "标准化工程师", "标准化人才", "标准化专员", "标准讲座",
            ),
            phrases=(
                "想请人来讲讲标准怎么写", "技术部想学GB/T 1.1，什么时候开课", "新国标出来了，能不能给我们解读一下",
                "想培养几个标准化专员", "有没有标准化知识的讲座可以参加", "给管理层讲一堂标准化的课",
            ),
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的标准化专员先查清现有标准，需要专家时替您约好时间。")
