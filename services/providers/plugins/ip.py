"""Intellectual property services (clause 5.6)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import ADVICE, MATERIALS, STEPS
from services.providers.training import training
from shared.forms import choice, day, number, paragraph, text


@provides("ip")
class IntellectualProperty(Category):
    """Deadlines come first: what is published or disputed cannot wait."""

    clause = "5.6"
    title = "知识产权服务"
    title_en = "Intellectual property"
    summary = "商标、专利、版权的申请和维权，用知识产权融资，找这里。"
    summary_en = "Trademarks, patents, copyright: filing, defending, financing."
    items = {
        "a": Item(
            title="知识产权申请和保护咨询",
            title_en="Advice on filing and protection",
            form={
                "kind": choice(
                    "保护哪一种",
                    {
                        "trademark": ("商标", "Trademark"),
                        "patent": ("专利", "Patent"),
                        "copyright": ("版权（含软件）", "Copyright, software included"),
                        "geographical": ("地理标志", "Geographical indication"),
                        "secret": ("商业秘密", "Trade secret"),
                        "unsure": ("不清楚", "Not sure"),
                    },
                    en="Kind",
                ),
                "subject": paragraph(
                    "要保护的是什么", en="Subject", hint="先不要写技术细节和秘密内容"
                ),
                "goods": text(
                    "用在哪些商品或服务上", en="Goods or services", required=False, hint="商标请填"
                ),
                "published_on": day(
                    "第一次公开的日期",
                    en="First published on",
                    required=False,
                    hint="展出、销售、发表过就填，会影响专利申请",
                ),
            },
            result={
                **ADVICE,
                **MATERIALS,
                "application_no": text(
                    "申请号", en="Application number", required=False, most=60
                ),
            },
            words=(
                "知识产权", "商标注册", "注册商标", "商标", "专利申请", "申请专利", "发明专利",
                "实用新型", "外观设计", "专利", "版权登记", "版权", "著作权", "软著", "地理标志",
                "商业秘密", "保密协议", "作品登记",
            ),
            phrases=(
                "想给新牌子注册商标，查查能不能过", "做了个小改进，能不能申请实用新型",
                "软件著作权怎么登记，要哪些材料", "包装设计怕别人抄，怎么保护", "本地特产想申请地理标志",
                "配方不想公开，当商业秘密怎么管", "发明专利从申请到授权要多久、花多少钱",
                "短视频和图片的版权怎么办登记", "员工离职带走图纸，保密协议怎么签",
            ),
            example={"kind": "trademark", "subject": "新茶饮店名和图案", "goods": "茶饮、餐饮服务"},
            example_result={
                "conclusion": "店名可以申请，图案建议同时登记版权。",
                "steps": [{"step": "查近似商标", "who": "商标代理师", "by": "2026-12-05"}],
                "basis": "商标法",
                "materials": [{"material": "营业执照复印件", "why": "证明申请人"}],
            },
            days=5,
        ),
        "b": Item(
            title="专利导航、维权和融资",
            title_en="Patent navigation, enforcement and finance",
            form={
                "kind": choice(
                    "要办哪一种",
                    {
                        "navigation": ("专利导航", "Patent navigation"),
                        "warning": ("侵权预警", "Infringement warning"),
                        "enforcement": ("维权援助", "Help with enforcement"),
                        "finance": ("质押融资", "Finance by pledge"),
                    },
                    en="Kind",
                ),
                "facts": paragraph("事情经过或想达到的目的", en="Facts or purpose"),
                "rights": text(
                    "专利号、商标注册号等", en="Numbers of the rights", required=False
                ),
                "deadline": day(
                    "对方或法院给的期限", en="Deadline set by others", required=False
                ),
                "amount": number(
                    "想融资多少",
                    en="Amount wanted",
                    required=False,
                    least=0,
                    unit="万元",
                    hint="质押融资请填",
                ),
            },
            result={
                "conclusion": paragraph("结论", en="Conclusion"),
                **STEPS,
                "institution": text("办理机构", en="Institution"),
                "report_no": text(
                    "报告、案件或合同编号",
                    en="Report, case or contract number",
                    required=False,
                    most=60,
                ),
                "amount": number(
                    "融资金额", en="Amount financed", required=False, least=0, unit="万元"
                ),
            },
            words=(
                "专利导航", "专利预警", "预警", "侵权", "维权", "维权援助", "恶意注册", "假冒",
                "质押", "质押融资", "知识产权融资", "专利分析", "专利布局", "FTO", "律师函",
                "无效宣告", "诉讼", "商标异议", "专利保险", "评估价值",
            ),
            phrases=(
                "竞争对手仿冒我们的产品，想打官司", "收到侵权律师函，该怎么应对",
                "别人恶意注册了我们的牌子，怎么提异议", "想用专利和商标向银行借钱", "出口前要查会不会撞上别人的专利",
                "行业里的专利布局想请人分析", "知识产权评估价值后能不能融资", "展会上被投诉侵权，需要法律援助",
                "研发立项前想做专利预警",
            ),
            example={
                "kind": "enforcement", "facts": "网店在卖仿我们外观的台灯",
                "rights": "示例外观专利 001", "deadline": "2026-12-15",
            },
            example_result={
                "conclusion": "外观相近，先固定证据，再向平台投诉。",
                "steps": [
                    {"step": "公证购买并保存网页", "who": "企业，律师陪同", "by": "2026-12-08"}
                ],
                "institution": "示例知识产权维权援助中心",
            },
            days=15,
        ),
        "c": training(
            title="知识产权培训",
            title_en="Intellectual property training",
            topic="专利检索和技术交底书怎么写",
            content="检索入口和检索式、交底书的写法",
            outcome="每人写一份交底书",
            words=(
                "知识产权培训", "专利培训", "商标培训", "版权培训", "专利检索", "专利撰写",
                "专利挖掘", "交底书", "知识产权管理", "知识产权人才", "知识产权专员", "GB/T 29490",
                "保密培训",
            ),
            phrases=(
                "想给研发人员讲讲怎么写交底书", "专利检索的方法想请人来教", "企业知识产权管理规范贯标想先培训",
                "有没有知识产权专员的学习班", "给销售讲一讲商标使用的规矩", "怎么从项目里挖掘专利，想听课",
            ),
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的知识产权专员先看有没有期限，再请代理师或律师与您联系。")
