"""Quality management services (clause 5.1)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import ADVICE, STEPS
from services.providers.training import training
from shared.forms import choice, day, integer, number, paragraph, table, text


@provides("quality")
class Quality(Category):
    """Staff see the company first, then bring the adviser who fits."""

    clause = "5.1"
    title = "质量管理服务"
    title_en = "Quality management"
    summary = "产品不稳定、管理要理顺、想建体系或学质量工具，找这里。"
    summary_en = "Unstable products, better management, quality systems, quality tools."
    items = {
        "a": Item(
            title="产品质量诊断和提升",
            title_en="Product quality diagnosis and improvement",
            form={
                "kind": choice(
                    "想做哪一种",
                    {
                        "diagnosis": ("质量诊断", "Quality diagnosis"),
                        "site": ("现场管理咨询", "Shop-floor management advice"),
                        "comparison": ("质量比对", "Quality comparison"),
                        "culture": ("质量文化建设", "Quality culture"),
                    },
                    en="Kind",
                ),
                "product": text("哪个产品、服务或工序", en="Product, service or process"),
                "problem": paragraph(
                    "现在的问题",
                    en="Problem",
                    hint="有数字更好，例如不良率、返工率、投诉数",
                    example="装配线返工率约 6%，三个月没有降下来",
                ),
                "visit_on": day("希望哪天到现场", en="Visit wanted on", required=False),
            },
            result={
                "conclusion": paragraph("诊断结论", en="Conclusion"),
                "findings": table(
                    "发现的问题",
                    {
                        "problem": text("问题", en="Problem"),
                        "cause": text("原因", en="Cause"),
                        "measure": text("改进措施", en="Measure"),
                        "by": day("什么时候前", en="Before", required=False),
                    },
                    en="Findings",
                ),
                "visited_on": day("到现场的日期", en="Visited on", required=False),
                "gain": text("预计效果", en="Expected gain", required=False),
            },
            words=(
                "质量诊断", "现场管理", "质量比对", "质量文化", "产品质量", "质量提升", "质量问题",
                "服务质量", "不良率", "次品", "废品", "返工", "合格率", "良品率", "报废", "客诉",
                "质量改进",
            ),
            phrases=(
                "同一批货客户老是退，想请人来车间看看毛病出在哪", "产线上返工太多，能不能派老师帮着找原因",
                "想把我们的产品和别家的放在一起做质量比对", "车间东西乱放、各人各干各的，想做现场管理咨询",
                "顾客投诉多，怎样把服务做得更稳", "老板想搞质量文化，不知道从哪里下手",
                "合格率忽高忽低，想做一次质量体检", "注塑件总有气泡和缩水，找不到改进办法",
                "想请人评一评我们的质量水平，提些改进建议",
            ),
            example={
                "kind": "diagnosis",
                "product": "塑料外壳装配线",
                "problem": "返工率约 6%，三个月没有降下来",
                "visit_on": "2026-12-03",
            },
            example_result={
                "conclusion": "返工主要来自卡扣尺寸超差，先控制模具温度。",
                "findings": [
                    {
                        "problem": "卡扣尺寸超差",
                        "cause": "模具温度没有监控",
                        "measure": "加装测温点，每班记录",
                        "by": "2026-12-31",
                    }
                ],
                "visited_on": "2026-12-03",
                "gain": "返工率降到 3% 以下",
            },
            days=10,
        ),
        "b": Item(
            title="质量管理和体系建立咨询",
            title_en="Quality management and management system advice",
            form={
                "system": text(
                    "想建或想改进的体系",
                    en="Management system",
                    hint="说不准就写“不确定”",
                    example="ISO 9001 质量管理体系",
                ),
                "situation": paragraph(
                    "现在的情况和想解决的事", en="Situation and purpose", example="文件有，没人照做"
                ),
                "employees": integer("员工人数", en="Employees", least=1, unit="人"),
                "certified_before": day(
                    "希望在哪天前通过认证", en="Certificate wanted before", required=False
                ),
            },
            result=ADVICE,
            words=(
                "质量", "质量管理体系", "质量管理", "体系文件", "质量手册", "程序文件", "管理评审",
                "内部审核", "体系咨询", "体系建立", "建体系", "体系运行", "全面质量管理", "TQM",
                "供应商管理", "首席质量官", "质量制度",
            ),
            phrases=(
                "公司从来没有写过质量手册，想从头把体系建起来", "质量部只管检验，别的都没人管，想理顺职责和制度",
                "供应商来料质量参差不齐，怎么管起来", "体系文件和实际做法是两张皮，想请顾问整理",
                "想请人辅导我们建立并运行质量管理体系", "打算设首席质量官，制度怎么定",
                "管理评审不知道怎么开，希望有人带一遍", "小厂没有专职质量员，质量管理怎么做起",
            ),
            example={
                "system": "ISO 9001 质量管理体系",
                "situation": "文件有，没人照做，明年想认证",
                "employees": 80,
            },
            example_result={
                "conclusion": "先精简文件，运行三个月并做一次内部审核，再申请认证。",
                "steps": [
                    {"step": "合并重复的程序文件", "who": "企业质量部", "by": "2027-01-15"},
                    {"step": "做一次内部审核和管理评审", "who": "企业质量部，专员协助"},
                ],
                "basis": "GB/T 19001",
            },
            days=10,
        ),
        "c": training(
            title="质量管理培训",
            title_en="Quality management training",
            topic="质量工具：SPC 和 FMEA",
            content="SPC 控制图、FMEA 的做法和练习",
            outcome="18 人参加测验，17 人通过",
            words=(
                "质量培训", "质量管理培训", "质量人才", "质量意识", "内审员", "质量工程师",
                "质量工具", "六西格玛", "SPC", "FMEA", "8D", "质量经理", "质检员", "班组长",
                "质量课程",
            ),
            phrases=(
                "新来的质检员不会看图纸，想请老师上几堂课", "想给班组长讲一讲质量意识和质量工具",
                "能不能办一期质量工程师的学习班", "技术员想学SPC和FMEA怎么用", "车间骨干没学过质量管理，想报名听课",
                "请老师来厂里讲8D报告怎么写", "有没有六西格玛绿带的课程",
            ),
        ),
        "d": Item(
            title="导入和评价卓越绩效",
            title_en="Performance excellence: introduction and assessment",
            form={
                "stage": choice(
                    "走到哪一步了",
                    {
                        "learning": ("想先了解", "Learning about it"),
                        "introducing": ("准备导入", "Introducing it"),
                        "assessing": ("已导入，想评价", "In use, to be assessed"),
                    },
                    en="Stage",
                ),
                "employees": integer("员工人数", en="Employees", least=1, unit="人"),
                "purpose": paragraph("想达到什么", en="Purpose", required=False),
            },
            result={
                "conclusion": paragraph("结论", en="Conclusion"),
                "score": number(
                    "评价得分",
                    en="Score",
                    required=False,
                    least=0,
                    most=1000,
                    unit="分",
                    hint="满分 1000 分；没有评价就不填",
                ),
                "strengths": paragraph("做得好的", en="Strengths", required=False),
                "gaps": table(
                    "要改进的",
                    {"category": text("方面", en="Category"), "gap": text("差距", en="Gap")},
                    required=False,
                    en="Opportunities for improvement",
                ),
                **STEPS,
            },
            words=(
                "卓越绩效", "绩效模式", "绩效管理", "绩效评价", "卓越管理", "GB/T 19580",
                "评价准则", "成熟度评价", "标杆管理", "经营绩效", "战略管理", "过程管理",
            ),
            phrases=(
                "听说卓越绩效准则能帮企业做强，我们想试试", "想按GB/T 19580做一次自我评价",
                "希望请评审员来给我们的经营管理打分、找短板", "集团要求各子公司推行卓越绩效，请派人辅导",
                "战略、过程、结果怎样连起来管，想导入一套管理模式", "做过一次成熟度评价，想知道下一步怎么改",
            ),
            example={"stage": "introducing", "employees": 120, "purpose": "理顺战略到班组的指标"},
            example_result={
                "conclusion": "可以导入，先做一次自我评价找差距。",
                "gaps": [{"category": "顾客与市场", "gap": "没有系统收集顾客意见"}],
                "steps": [{"step": "成立推进小组并学习准则", "who": "企业总经理"}],
            },
            days=15,
        ),
        "e": Item(
            title="QC 小组活动指导",
            title_en="QC circle guidance",
            form={
                "topic": text(
                    "课题", en="Topic", hint="还没定就写想解决的问题", example="降低贴标歪斜率"
                ),
                "stage": choice(
                    "走到哪一步了",
                    {
                        "topic": ("选课题", "Choosing a topic"),
                        "analysis": ("查现状、找原因", "Finding causes"),
                        "measures": ("定对策、实施", "Taking measures"),
                        "report": ("检查效果、准备发布", "Checking and presenting"),
                    },
                    en="Stage",
                ),
                "people": integer("小组人数", en="Members", least=1, most=50, unit="人"),
                "training": choice(
                    "要不要给组员培训",
                    {"yes": ("要", "Yes"), "no": ("不用", "No")},
                    en="Training for members",
                    required=False,
                ),
            },
            result={
                "comments": paragraph("对课题的意见", en="Comments on the topic"),
                **STEPS,
                "trained_on": day("培训日期", en="Trained on", required=False),
                "people": integer("受训人数", en="Trained", required=False, least=0, unit="人"),
            },
            words=(
                "QC小组", "QC 小组", "QC", "小组活动", "质量管理小组", "小组成员", "课题",
                "成果发布", "PDCA", "鱼骨图", "因果图", "排列图", "亲和图", "现状调查",
                "合理化建议",
            ),
            phrases=(
                "员工自发成立了质量小组，不知道活动怎么开展", "QC小组要参加省里比赛，想请人帮着改报告",
                "排列图、鱼骨图总是画不对，请老师带一带小组", "班组想用PDCA做一个改善课题，请指导",
                "怎样给质量管理小组注册登记和评选优秀成果", "小组做了现状调查，不会定目标和找要因",
            ),
            example={"topic": "降低贴标歪斜率", "stage": "topic", "people": 7, "training": "yes"},
            example_result={
                "comments": "课题大小合适，目标值要有历史数据支持。",
                "steps": [{"step": "收集三个月的歪斜数据", "who": "小组组长", "by": "2026-12-20"}],
                "trained_on": "2026-12-08",
                "people": 7,
            },
            days=10,
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的质量专员先看您写的情况，再请合适的专家，办完把结果告诉您。")
