"""What people call a division or a unit: short forms, kinds and names stripped for comparison."""

import re
import unicodedata

_NATIONALITIES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|"
    "纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|"
    "鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺"
)
# Townships such as 袁店回族乡, 大柳镇, 鄂温克民族苏木; counties and above such as 临河区, 库伦旗.
_NATIONAL = (
    rf"(?:(?:{_NATIONALITIES})族|"
    r"(?:维吾尔|哈萨克|(?<!内)蒙古|柯尔克孜|鄂温克|达斡尔)(?=自治|民族))"
)
_SUFFIX = re.compile(
    rf"{_NATIONAL}*(?:各族)?(?:民族)?"
    r"(?:街道办事处|地区办事处|街道|苏木|镇|乡|地区|自治区|自治州|自治县|自治旗|特别行政区|省|盟|州|市|县|区|旗)$"
)
# Words after which 区 or 地区 belongs to the name: 开发区 is not short for anything.
_WHOLE = re.compile(
    r"(?:开发|工业|管理|示范|园|景|度假|新|试验|实验|集聚|集中|保税|片|产业|林|矿|牧|库|垦|农业|科技|物流|特|自然保护|"
    r"合作|生态|服务|转移)区$"
)
_FARM = re.compile(
    r"(?:农|林|牧|渔|种畜|种马|园艺|茶|良种|原种|果|畜牧|垦殖|"
    r"种羊|牛|马|羊|鹿|蚕|桑|盐|奶牛|军马)场"
)

# What is written after a unit's name when its office is meant.
_OFFICE = re.compile(r"(?:党委|党工委|党组|人民政府|政府|办事处|委员会)$")


def normalise(text: str) -> str:
    """This function will return a text without spaces, with all widths made equal."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c)[0] != "C")


def short_name(name: str) -> str:
    """This function will return the name without the word for its kind: 狼山 for 狼山镇.

    A farm keeps its word, since 狼山农场 and 狼山镇 are two units; so does any name of which less
    than two characters would remain.
    """
    if _WHOLE.search(name):
        return name
    match = _SUFFIX.search(name)
    return name[: match.start()] if match and match.start() >= 2 else name


def without_office(name: str) -> str:
    """This function will return a unit's name without the office: 狼山镇 for 狼山镇党委."""
    match = _OFFICE.search(name)
    return name[: match.start()] if match and match.start() >= 2 else name


def kind_of(name: str) -> str:
    """This function will return town, township, subdistrict, farm, village or other for a name."""
    if name.endswith("镇"):
        return "town"
    if name.endswith(("乡", "苏木")):
        return "township"
    if name.endswith(("街道", "办事处", "地区")):
        return "subdistrict"
    if name.endswith(("村", "嘎查")):
        return "village"
    return "farm" if _FARM.search(name) else "other"
