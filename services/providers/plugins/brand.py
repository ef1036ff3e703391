"""Brand cultivation services (clause 5.7)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import MATERIALS, REPORT, STEPS
from services.providers.training import training
from shared.forms import choice, day, integer, number, paragraph, table, text


@provides("brand")
class Brand(Category):
    """Advice and coaching are given; an award or a rating is decided by others."""

    clause = "5.7"
    title = "品牌培育服务"
    title_en = "Brand cultivation"
    summary = "申报质量奖和示范、看市场、做品牌和推广，找这里。"
    summary_en = "Quality awards, market studies, building and spreading a brand."
    items = {
        "a": Item(
            title="质量奖和示范创建辅导",
            title_en="Coaching for quality awards and model enterprises",
            form={
                "kind": choice(
                    "想申报或创建哪一种",
                    {
                        "award": ("政府质量奖", "Government quality award"),
                        "association": ("品牌社会组织", "Brand association"),
                        "trademark": ("商标品牌示范企业", "Model trademark enterprise"),
                        "credit": ("信用示范企业", "Model credit enterprise"),
                    },
                    en="Kind",
                ),
                "level": choice(
                    "哪一级",
                    {
                        "district": ("区级", "District"),
                        "city": ("市级", "City"),
                        "province": ("省级", "Province"),
                        "nation": ("国家级", "Nation"),
                    },
                    en="Level",
                ),
                "strengths": paragraph("企业的长处和已有荣誉", en="Strengths and honours"),
                "deadline": day("申报要在哪天前交", en="Application due before", required=False),
            },
            result={
                "eligible": choice(
                    "能不能申报",
                    {
                        "yes": ("可以", "Yes"),
                        "later": ("补齐后可以", "After some work"),
                        "no": ("暂时不行", "Not now"),
                    },
                    en="Eligible",
                ),
                "conclusion": paragraph("辅导意见", en="Conclusion"),
                **STEPS,
                **MATERIALS,
            },
            words=(
                "政府质量奖", "质量奖", "市长质量奖", "省长质量奖", "申报辅导", "申报材料",
                "现场评审", "商标品牌", "品牌示范", "示范企业", "信用示范", "信用企业", "守信",
                "品牌组织", "品牌社会组织", "创建示范", "评奖",
            ),
            phrases=(
                "想报省长质量奖，请人看看够不够条件", "市里评守信用示范企业，申报材料怎么写",
                "想创建商标品牌示范单位", "质量奖的现场评审要准备什么", "想加入品牌协会，有什么要求",
                "今年的品牌示范企业评选怎么参加", "申报质量奖的自评材料想请人把把关",
            ),
            example={
                "kind": "credit", "level": "city", "strengths": "连续五年纳税信用 A 级",
                "deadline": "2027-03-31",
            },
            example_result={
                "eligible": "later",
                "conclusion": "信用管理制度还缺合同评审一项。",
                "steps": [{"step": "建合同评审制度", "who": "企业法务", "by": "2027-01-31"}],
                "materials": [{"material": "近三年信用报告"}],
            },
            days=15,
        ),
        "b": Item(
            title="市场调研和竞争分析",
            title_en="Market research and competitor analysis",
            form={
                "product": text("产品或服务", en="Product or service"),
                "market": text("哪里的市场、哪些客户", en="Market and customers"),
                "question": paragraph(
                    "最想弄清什么", en="Question", example="年轻客户为什么不选我们"
                ),
                "competitors": text("主要同行", en="Competitors", required=False),
            },
            result={
                **REPORT,
                "findings": table(
                    "主要发现",
                    {
                        "finding": text("发现", en="Finding"),
                        "suggestion": text("建议", en="Suggestion"),
                    },
                    en="Findings",
                ),
                "sample": integer(
                    "有效样本数", en="Sample size", required=False, least=0, unit="份"
                ),
            },
            words=(
                "市场调研", "市场调查", "调研报告", "差异化", "竞争分析", "竞争对手", "竞品",
                "消费者调查", "问卷调查", "用户画像", "市场定位", "市场份额", "市场分析",
                "目标客户", "行业分析",
            ),
            phrases=(
                "新店开在哪里好，想了解客流和消费者", "竞品卖得比我们好，想弄清楚为什么",
                "想做一份行业分析，看看市场有多大", "做个问卷调查，了解客户为什么流失",
                "产品和别人太像，怎样找到自己的位置", "需要专业公司调查同行的价格和渠道",
            ),
            example={
                "product": "瓶装凉茶", "market": "广州，18 至 30 岁",
                "question": "年轻客户为什么不选我们",
            },
            example_result={
                "conclusion": "口味不是主要原因，包装显旧才是。",
                "report_no": "DY-2026-07", "issued_on": "2026-12-28", "issuer": "示例调研公司",
                "findings": [{"finding": "六成受访者没注意到新口味", "suggestion": "换瓶标"}],
                "sample": 400,
            },
            days=20,
        ),
        "c": Item(
            title="品牌策划和推广",
            title_en="Brand planning and promotion",
            form={
                "brand": text("品牌名称和产品", en="Brand and product"),
                "goal": paragraph("想让谁知道什么", en="Goal"),
                "channels": text("现在用的渠道", en="Present channels", required=False),
                "budget": number(
                    "大概预算", en="Budget", required=False, least=0, unit="万元"
                ),
            },
            result={
                "plan": paragraph("方案要点", en="Plan"),
                "actions": table(
                    "要做的事",
                    {
                        "action": text("做什么", en="Action"),
                        "channel": text("渠道", en="Channel"),
                        "on": day("什么时候", en="When", required=False),
                        "measure": text("怎么看效果", en="Measure of success"),
                    },
                    en="Actions",
                ),
            },
            words=(
                "品牌策划", "品牌培育", "品牌推广", "品牌传播", "品牌形象", "品牌故事", "品牌设计",
                "品牌", "宣传", "推广", "传播", "营销", "新媒体", "直播", "展会", "包装设计",
                "LOGO", "标识设计",
            ),
            phrases=(
                "新品要上市，想请人策划怎么宣传", "老字号想换个形象，重新设计标志",
                "直播和展会都做了没效果，想要推广方案", "想讲好品牌故事，请人写一写", "抖音和小红书账号怎么运营",
                "品牌没有名气，怎么培育", "想找设计公司做包装和LOGO",
            ),
            example={"brand": "示例牌凉茶", "goal": "让大学生知道有无糖的", "channels": "超市"},
            example_result={
                "plan": "以无糖为主线，先做两所大学。",
                "actions": [
                    {
                        "action": "校园试饮", "channel": "线下", "on": "2027-03-10",
                        "measure": "试饮后一周的校内销量",
                    }
                ],
            },
            days=20,
        ),
        "d": training(
            title="品牌管理培训",
            title_en="Brand management training",
            topic="中小企业怎样管品牌",
            content="品牌定位、授权管理、危机应对",
            outcome="各企业写出一页品牌定位",
            words=(
                "品牌培训", "品牌管理", "品牌管理培训", "品牌经理", "品牌官", "品牌战略",
                "品牌意识", "品牌资产", "品牌价值", "品牌保护", "品牌课程", "品牌讲座",
            ),
            phrases=(
                "想给市场部讲讲品牌管理", "品牌经理有没有进修班", "请老师来讲品牌战略",
                "管理层品牌意识不强，想听讲座", "品牌资产怎么管理，想学习", "办一期品牌保护的课",
            ),
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的品牌专员先与您谈清目标，再请顾问出方案，您同意后才开始。")
