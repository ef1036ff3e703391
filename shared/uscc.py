"""The unified social credit code of an enterprise (GB 32100): 18 characters, the last of which checks the others."""

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from shared.errors import Invalid

WRONG = "统一社会信用代码不对，应是 18 位数字和大写字母，请对照营业执照核对；不填也可以"


def credit_code(text: str, field: str = "credit_code") -> str:
    """The code as it is written on the licence; raises Invalid for one that cannot be."""
    try:
        return str(uscc.validate(text))
    except ValidationError as error:
        raise Invalid("请检查填写的内容", fields={field: WRONG}) from error
