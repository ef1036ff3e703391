"""Results that items of several categories deliver, and the tables they are made of."""

from shared.forms import Form, choice, day, paragraph, table, text

STEPS: Form = {
    "steps": table(
        "接下来怎么做",
        {
            "step": text("做什么", en="Step"),
            "who": text("谁来做", en="By whom", required=False),
            "by": day("什么时候前", en="Before", required=False),
        },
        en="Next steps",
    ),
}

ADVICE: Form = {
    "conclusion": paragraph("结论", en="Conclusion", hint="一两句话回答所问的事"),
    **STEPS,
    "basis": text("依据", en="Basis", required=False, hint="法规、标准或文件的名称和编号"),
}

REPORT: Form = {
    "conclusion": paragraph("结论", en="Conclusion"),
    "report_no": text("报告编号", en="Report number", most=60),
    "issued_on": day("报告日期", en="Issued on"),
    "issuer": text("出具单位", en="Issued by"),
}

MATERIALS: Form = {
    "materials": table(
        "要准备的材料",
        {
            "material": text("材料", en="Document"),
            "why": text("为什么要", en="Why", required=False),
        },
        required=False,
        en="Documents to prepare",
    ),
}

MEASUREMENTS: Form = {
    "measurements": table(
        "检测结果",
        {
            "name": text("项目", en="Item"),
            "method": text("方法标准", en="Method", required=False),
            "required": text("要求", en="Requirement", required=False),
            "found": text("实测", en="Found"),
            "verdict": choice(
                "判定",
                {"pass": ("合格", "Pass"), "fail": ("不合格", "Fail"), "none": ("不判定", "None")},
                en="Verdict",
            ),
        },
        en="Results",
    ),
}
