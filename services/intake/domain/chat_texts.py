"""What people who write by instant message are answered. Facts come from outside; nothing here promises a time."""

from collections.abc import Collection


def asked(parks: Collection[str], minutes: int, default: str) -> str:
    """Whoever is not known yet."""
    example = next(iter(parks), "")
    return (
        f"您好，您说的已经收到。请回复“园区 企业名称”，例如：{example} 示例企业，我们好登记并告诉您编号。\n"
        f"园区：{'、'.join(parks)}。\n{minutes} 分钟内没有回复，就先由{default}服务站登记。"
    )


def received(number: str, code: str, track: str, hours: int) -> str:
    """`track` is the address of the page where number and code open the request."""
    return (
        f"已收到，受理编号 {number}，查询码 {code}。\n查进度：{track}\n"
        f"{hours} 小时内再发的话都记到这件事里；另有一件事，请以“新需求”开头。"
    )


def added(number: str) -> str:
    return f"已记到 {number}。另有一件事，请以“新需求”开头。"


def introduced(park: str, company: str) -> str:
    return f"记下了：{park} {company}。有质量方面的事，像平时说话一样发过来就行。"


def more_wanted() -> str:
    return "请在“新需求”后面写下您的事。"


def words_only(page: str) -> str:
    """`page` is where pictures and files can be sent."""
    return f"这里目前只收文字，请用文字说一下。图片和文件可以在网页上传：{page}"


def answered(number: str, text: str) -> str:
    """What staff write about a request."""
    return f"关于 {number}：{text}"


def greeting() -> str:
    return "您好，这里是质量基础设施“一站式”服务站。有质量方面的事，像平时说话一样发过来就行。"
