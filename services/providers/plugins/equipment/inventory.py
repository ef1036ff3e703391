"""The instruments to share: sample data of a district, until its own are surveyed (5.8.a)."""

from dataclasses import dataclass

WEEKDAYS = frozenset(range(5))  # Monday is 0


@dataclass(frozen=True, kw_only=True)
class Instrument:
    """One instrument that others may use by the half day."""

    code: str
    name: str
    name_en: str
    park: str
    place: str
    rate: int  # yuan for half a day
    rules: str
    serves: str  # what it is good for, in words people search with
    open_on: frozenset[int] = WEEKDAYS


INVENTORY = (
    Instrument(
        code="SEM-01", name="扫描电子显微镜（扫描电镜）", name_en="Scanning electron microscope",
        park="zhihuigu", place="广州大学城智慧谷 分析测试室", rate=800,
        rules="样品要干燥、不含磁粉；由管理员上机，可以旁看。",
        serves="形貌 能谱 微观 材料",
    ),
    Instrument(
        code="XRF-01", name="X 射线荧光光谱仪", name_en="X-ray fluorescence spectrometer",
        park="shawan", place="沙湾珠宝产业园 检测服务室", rate=300,
        rules="不损坏样品；首次使用要先听 20 分钟安全说明。",
        serves="贵金属 珠宝 成色 成分 元素 RoHS",
    ),
    Instrument(
        code="SPH-01", name="积分球光色测试系统", name_en="Integrating sphere photometer",
        park="hailunbao", place="海伦堡创意园 照明测试间", rate=260,
        rules="灯具请带电源和接线；开灯稳定 30 分钟后再测。",
        serves="照明 灯具 光通量 色温 显色指数",
    ),
    Instrument(
        code="THC-01", name="恒温恒湿试验箱", name_en="Temperature and humidity chamber",
        park="tianan", place="广州天安番禺节能科技园 环境试验室", rate=180,
        rules="不放易燃、易爆和腐蚀性样品；超过半天的试验请连续预约。",
        serves="高低温 湿热 老化 环境试验",
    ),
    Instrument(
        code="SSC-01", name="盐雾试验箱", name_en="Salt spray chamber",
        park="chuangxin", place="番禺创新科技园 环境试验室", rate=150,
        rules="样品要自带编号；试验后请当天取走。",
        serves="腐蚀 镀层 五金",
    ),
    Instrument(
        code="UTM-01", name="万能材料试验机", name_en="Universal testing machine",
        park="chuangxin", place="番禺创新科技园 力学试验室", rate=220,
        rules="最大 100 kN；夹具不合时请提前 3 天告诉管理员。",
        serves="拉伸 压缩 弯曲 强度 力学",
    ),
    Instrument(
        code="CMM-01", name="三坐标测量机", name_en="Coordinate measuring machine",
        park="chuangxin", place="番禺创新科技园 精密测量室", rate=400,
        rules="工件提前 4 小时放入测量室等温；请带图样。",
        serves="尺寸 形位公差 精密测量",
    ),
    Instrument(
        code="EMC-01", name="电磁兼容预测试间", name_en="Pre-compliance EMC room",
        park="digital", place="国家数字家庭应用示范产业基地 电磁兼容室", rate=900,
        rules="只作预测试，不出正式报告；请带齐线缆和辅助设备。",
        serves="EMC 电磁 辐射 传导 智能家居",
    ),
)  # fmt: skip

BY_CODE = {instrument.code: instrument for instrument in INVENTORY}


def matching(keyword: str) -> list[Instrument]:
    """Those that answer to any of the words (spaces or commas between); all if there is none."""
    words = keyword.casefold().replace("，", " ").replace(",", " ").replace("、", " ").split()
    return [instrument for instrument in INVENTORY if not words or any(word in _said_of(instrument) for word in words)]


def _said_of(instrument: Instrument) -> str:
    told = (instrument.code, instrument.name, instrument.name_en, instrument.place)
    return " ".join((*told, instrument.serves)).casefold()
