"""Certification and accreditation services (clause 5.5)."""

from services.providers.plugin import Accepted, Category, Desk, Item, Job, provides
from services.providers.results import MATERIALS, STEPS
from services.providers.training import training
from shared.forms import choice, day, flag, integer, paragraph, table, text

KINDS = {
    "system": ("管理体系", "Management system"),
    "product": ("产品", "Product"),
    "service": ("服务", "Service"),
}


@provides("certification")
class Certification(Category):
    """Advice comes from the station, certificates only from approved certification bodies."""

    clause = "5.5"
    title = "认证认可服务"
    title_en = "Certification and accreditation"
    summary = "要不要认证、做哪一种、找谁办、怎么办，找这里。"
    summary_en = "Whether to certify, which scheme, which body, and how."
    items = {
        "a": Item(
            title="认证法规咨询",
            title_en="Advice on certification rules",
            form={
                "product": text("什么产品或服务", en="Product or service", example="蓝牙台灯"),
                "market": text("卖到哪里", en="Markets", example="中国、欧盟"),
                "specification": text(
                    "主要参数",
                    en="Specification",
                    required=False,
                    hint="电器请写额定电压、功率、有没有无线功能",
                    example="220 V、12 W、带蓝牙",
                ),
                "question": paragraph("还想问什么", en="Question", required=False),
            },
            result={
                "conclusion": paragraph("结论", en="Conclusion"),
                "required": table(
                    "要做的认证",
                    {
                        "market": text("市场", en="Market"),
                        "certification": text("认证或合格评定", en="Certification"),
                        "mandatory": flag("强制", en="Mandatory"),
                        "basis": text("依据", en="Basis"),
                    },
                    required=False,
                    en="Certification needed",
                ),
                **STEPS,
            },
            words=(
                "认证", "强制性认证", "强制认证", "自愿性认证", "CCC", "3C", "CE", "FCC", "UL",
                "UKCA", "PSE", "KC", "认证目录", "认证法规", "出口认证", "市场准入", "认证标志",
                "免办", "要不要认证",
            ),
            phrases=(
                "卖插座要不要3C", "出口欧洲要做什么认证，法规怎么规定", "哪些产品在强制认证目录里",
                "产品进口自用，3C能不能免办", "去美国卖要办FCC还是UL，先问清楚", "没有认证就销售会不会被罚",
                "认证标志怎么用才合规", "电动车要过哪些强制性认证才能上市",
            ),
            example={
                "product": "蓝牙台灯", "market": "中国、欧盟",
                "specification": "220 V、12 W、带蓝牙",
            },
            example_result={
                "conclusion": "在国内先核对强制性产品认证目录，出口欧盟要加贴 CE 标志。",
                "required": [
                    {
                        "market": "欧盟", "certification": "CE 标志", "mandatory": True,
                        "basis": "无线电设备指令 2014/53/EU",
                    }
                ],
                "steps": [{"step": "找有资质的实验室做预测试", "who": "企业，专员联系"}],
            },
            days=3,
        ),
        "b": Item(
            title="自愿性认证推荐和选方案",
            title_en="Choosing a voluntary certification",
            form={
                "kind": choice("想认证什么", KINDS, en="Object"),
                "scope": text("产品、服务或业务范围", en="Scope"),
                "reason": text(
                    "为什么想做认证",
                    en="Reason",
                    hint="例如客户要求、投标、出口",
                    example="客户招标加分",
                ),
                "wanted": text("已经想好的认证", en="Scheme in mind", required=False),
            },
            result={
                "conclusion": paragraph("建议", en="Recommendation"),
                "schemes": table(
                    "可选的方案",
                    {
                        "scheme": text("认证项目", en="Scheme"),
                        "why": text("适合的理由", en="Why it fits"),
                        "bodies": text("可以办的机构", en="Certification bodies"),
                        "months": integer(
                            "大约要几个月", en="Months", least=1, most=60, required=False
                        ),
                    },
                    en="Schemes",
                ),
            },
            words=(
                "自愿认证", "认证方案", "认证机构", "绿色产品", "绿色认证", "节能认证", "环境标志",
                "有机认证", "碳足迹", "低碳认证", "CQC", "湾区认证", "高端认证", "认证项目",
                "哪种认证",
            ),
            phrases=(
                "想做有机产品认证，不知道哪家机构好", "节能认证和环境标志哪一种适合我们",
                "想做低碳认证，帮我们挑一个方案", "投标要加分，做哪些自愿认证合算",
                "有几家认证机构报价，请帮忙比较选择", "碳足迹和绿色产品哪个先做",
                "想给产品做一个高端品质认证，请推荐",
            ),
            example={"kind": "product", "scope": "再生塑料餐具", "reason": "客户招标加分"},
            example_result={
                "conclusion": "先做环境标志产品认证，再看绿色产品认证。",
                "schemes": [
                    {
                        "scheme": "中国环境标志产品认证", "why": "招标文件认这个标志",
                        "bodies": "示例认证中心", "months": 3,
                    }
                ],
            },
            days=5,
        ),
        "c": Item(
            title="体系、产品和服务认证办理",
            title_en="Obtaining a certificate",
            form={
                "kind": choice("办哪一类认证", KINDS, en="Kind"),
                "scheme": text("认证项目或标准号", en="Scheme or standard", example="ISO 14001"),
                "scope": text("认证范围", en="Scope", hint="写产品、服务和有几个场所"),
                "employees": integer("范围内的人数", en="People in scope", least=1, unit="人"),
                "current": text(
                    "现有证书编号",
                    en="Present certificate",
                    required=False,
                    hint="换证、转机构时填",
                ),
                "before": day("希望在哪天前拿证", en="Certificate wanted before", required=False),
            },
            result={
                "outcome": choice(
                    "结果",
                    {"granted": ("已发证", "Granted"), "refused": ("未通过", "Not granted")},
                    en="Outcome",
                ),
                "conclusion": paragraph("审核结论", en="Conclusion"),
                "body": text("认证机构", en="Certification body"),
                "certificate_no": text(
                    "证书编号", en="Certificate number", required=False, most=60
                ),
                "issued_on": day("发证日期", en="Issued on", required=False),
                "valid_until": day("有效期至", en="Valid until", required=False),
                **MATERIALS,
            },
            words=(
                "体系认证", "产品认证", "服务认证", "认证证书", "办认证", "认证申请", "认证审核",
                "监督审核", "再认证", "换证", "转机构", "ISO 14001", "ISO 45001", "ISO 27001",
                "ISO 22000", "HACCP", "IATF 16949", "ISO 13485", "通过认证", "管理体系认证",
            ),
            phrases=(
                "已经准备好了，想申请ISO 14001证书", "ISO 9001证书快到期，要再认证", "医疗器械质量体系13485怎么办证",
                "食品厂要过HACCP认证审核", "想换一家认证机构，证书怎么转", "汽车配件客户要求IATF 16949",
                "监督审核要准备什么资料", "物业公司想办服务认证",
            ),
            example={
                "kind": "system", "scheme": "ISO 14001", "scope": "灯具的设计和生产，1 个场所",
                "employees": 60,
            },
            example_result={
                "outcome": "granted",
                "conclusion": "两项一般不符合已整改，予以发证。",
                "body": "示例认证有限公司", "certificate_no": "EX-E-2027-001",
                "issued_on": "2027-03-02", "valid_until": "2030-03-01",
            },
            days=60,
        ),
        "d": training(
            title="认证认可培训",
            title_en="Certification training",
            topic="工厂检查要准备什么",
            content="认证流程、工厂质量保证能力要求、常见不符合",
            outcome="按检查表自查一次，列出 5 处要改",
            words=(
                "认证培训", "认证认可", "认证知识", "认证讲座", "认证人员", "审核员", "工厂检查",
                "质量保证能力", "体系审核培训", "认证管理", "认可规则", "认证专员",
            ),
            phrases=(
                "想学做审核员，哪里报名", "请人来讲认证知识", "工厂检查前想给员工做培训",
                "有没有产品认证一致性要求的讲座", "认证专员需要进修，课程有哪些", "想听一听新版认可规则的解读",
            ),
        ),
    }  # fmt: skip

    def consider(self, job: Job, desk: Desk) -> Accepted:
        return Accepted(note="服务站的认证专员先帮您弄清要做哪一种，费用和周期经您同意后才开始。")
