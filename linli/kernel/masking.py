"""Shows of a person as much as is needed to recognise them: 138****5678, 李**, 幸福小区3号楼***."""

import re
from typing import Final

STARS: Final = "****"

_COMPOUND_SURNAMES: Final = (
    "欧阳", "太史", "端木", "上官", "司马", "东方", "独孤", "南宫", "万俟", "闻人", "夏侯", "诸葛",
    "尉迟", "公羊", "赫连", "澹台", "皇甫", "宗政", "濮阳", "公冶", "太叔", "申屠", "公孙", "慕容",
    "仲孙", "钟离", "长孙", "宇文", "司徒", "鲜于", "司空", "闾丘", "令狐", "呼延", "西门", "百里",
    "东郭", "拓跋", "轩辕", "第五",
)  # fmt: skip
# The most frequent ones, without a few that are everyday words at the head of a phrase.
_SURNAMES: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
    "庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢骆岳齐梅庄辛管祝左涂谷祁时舒耿牟卜詹"
    "关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶"
    "刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇"
    "敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保和蔺"
)
_GIVEN: Final = r"[\u4e00-\u9fff]"
_SURNAME: Final = f"(?:{'|'.join(_COMPOUND_SURNAMES)}|[{_SURNAMES}])"
_TITLE: Final = (
    "(?:先生|女士|小姐|同志|师傅|老师|阿姨|大爷|大妈|大娘|大叔|大姐|大哥|奶奶|爷爷|叔叔|婶婶|老人|"
    "主任|书记|经理)"
)
_MARK: Final = (
    "(?:我叫|名叫|叫做|姓名|名字[是叫]|联系人|报修人|投诉人|反映人|申请人|举报人|经办人|当事人|户主|业主|"
    "房东|租客|租户|住户|居民|本人|我是|邻居|老人|老婆|老公|爱人|父亲|母亲|爸爸|妈妈|儿子|女儿|孩子)"
)
# A given name ends where the sentence does, or where it goes on as sentences about people do.
_END: Final = (
    r"(?=$|[\s，。、；：！？,.;:!?（）()\[\]【】\"“”/\d]|"
    f"电话|手机|联系|微信|身份证|住在|家住|家里|家在|家|在|{_TITLE})"
)

_RULES: Final[list[tuple[re.Pattern[str], str]]] = [
    (re.compile(r"[A-Za-z0-9_.+-]+@([\w-]+(?:\.[\w-]+)+)"), r"***@\1"),
    # Identity numbers, bank cards and the like, before phone numbers take a part of them.
    (re.compile(r"(?<!\d)(\d{3})\d{11,14}([\dXxＸ])(?![\dXx])"), r"\1***********\2"),
    (re.compile(r"(?<!\d)(\d{4})(?:[ -]?\d{4}){2,3}[ -]?\d{1,4}(?!\d)"), r"\1********"),
    (re.compile(r"(?<!\d)(1\d{2})[ -]?\d{4}[ -]?(\d{4})(?!\d)"), rf"\1{STARS}\2"),
    (re.compile(r"(?<![\d-])(0\d{2,3})[ -]?\d{3,4}(\d{4})(?!\d)"), rf"\1-{STARS}\2"),
    (
        re.compile(r"((?:电话|座机|手机|号码|致电|拨打)[:：是]?\s*)\d{3,4}(\d{4})(?!\d)"),
        rf"\1{STARS}\2",
    ),
    (re.compile(r"[幺一二三四五六七八九零〇]{7}([幺一二三四五六七八九零〇]{4})"), rf"{STARS}\1"),
    (re.compile(r"((?:微信|QQ|qq|Q)号?[:：是]?\s*)[A-Za-z0-9][-_A-Za-z0-9]{4,19}"), rf"\1{STARS}"),
    (
        re.compile(
            r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z])[·•.\s-]?"
            r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳]"
        ),
        rf"\1·{STARS}",
    ),
    (re.compile(r"[0-9A-Za-z]{1,5}(?=室(?!内|外))"), "***"),
    (
        re.compile(f"({_MARK}(?:的|是|叫|为|姓名)?[:：]?\\s*{_SURNAME}){_GIVEN}{{1,2}}?{_END}"),
        r"\1**",
    ),
    (re.compile(f"({_SURNAME}){_GIVEN}{{1,2}}({_TITLE})"), r"\1**\2"),
]


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: 138****5678, 0518-****5678."""
    digits = re.sub(r"[^\d]", "", phone)
    if len(digits) > 11 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) < 7:  # A service number such as 12345 is nobody's.
        return digits
    if digits.startswith("0"):
        area = 3 if digits[1] in "12" else 4
        return f"{digits[:area]}-{STARS}{digits[-4:]}"
    return (digits[:3] if len(digits) >= 11 else "") + STARS + digits[-4:]


def mask_name(name: str) -> str:
    """Return the surname and two stars, whatever the length of the rest: 张**, 欧阳**."""
    name = name.strip()
    if not name:
        return ""
    return (name[:2] if name.startswith(_COMPOUND_SURNAMES) and len(name) > 2 else name[0]) + "**"


def mask_id_number(number: str) -> str:
    """Return an identity number with three digits at its head and two at its end."""
    number = number.strip()
    if len(number) < 8:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]


def mask_address(address: str) -> str:
    """Return an address down to the building; entrance, floor and home stay hidden."""
    building = re.search(r"(?:号楼|栋|幢|座)", address)
    if building:
        rest = address[building.end() :]
        return address[: building.end()] + ("***" if rest.strip() else "")
    number = re.search(r"[\dA-Za-z一二三四五六七八九十]+(?=[号单元组室户弄-])", address)
    return address[: number.start()] + "***" if number else address


def mask_text(text: str) -> str:
    """Return free text without phone and identity numbers, plates, mail addresses and names.

    As well as rules can: a name is found behind a word that announces it, or before a title.
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
