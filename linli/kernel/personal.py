"""Finds what names or reaches a person in free text: numbers, addresses of homes, names.

Rules, no model: whoever releases a text must be able to see why a piece was found. Numbers must
not be missed, so they are found in every way people write them (spaced, full-width, in Chinese
numerals); names only behind a word that announces them, before a title, or beside a phone number.
Source: issue 3, step 6; GB/T 35273-2020, personal information; peers.md, masking before release.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

COMPOUND_SURNAMES: Final = (
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
# Everyday words that begin with a surname and stand where a name could.
_WORDS: Final = (
    "高血压|高兴|高龄|高空|高楼|高层|方便|方面|方向|安全|安装|安排|和谐|和我|和他|和她|明天|明白|明年|成年|成立|"
    "万一|万元|时候|时常|时间|曾经|常年|常常|常住|都是|都在|都有|都说|金额|水费|水管|水泥|包括|包工|强烈|强行|"
    "单独|单位|单元|康复|温度|白天|白色|黄色|向上|向社|向物|于是|于昨|关于|关门|连续|连夜|路上|路边|应该|应当|"
    "应急|计划|习惯|全部|全家|全楼|全体|何时|何况|易燃|游泳|党员|左右|车子|车位|车辆|沙发|石头|陆续|宁愿|牛奶|"
    "马上|马路|房子|房屋|房间|房东|边上|江边|孔洞|顾及|施工|毛病|花费|花园|花坛|任何|任意|管道|管子|管理|管家|"
    "计较|来电|来人|来访|来说|来了|张贴|严重|谈话|解决|保证|保安|保洁|查看|查询|申请|成功|官方|商家|商户|商量|房产|房管|方即|居委|党委|项目|经济|全班|文化|习总|安居|安置|经营|常务|应聘|解放|谢谢|纪委|都一|关系|关心|来讲|和家|和小"
)
_HAN: Final = r"[\u4e00-\u9fff]"
# Any character but those that nobody is called by, and that stand after a surname as a word would.
_GIVEN: Final = (
    r"(?:(?![某的了和是在有位女男不把被将跟给与及或等这那您你我他她它们也就还都])[\u4e00-\u9fff])"
)
# Surnames that are words of their own: before a title they need a beginning to stand at.
_WORD_SURNAMES: Final = (
    "和全时常位项明安方高白成万向应从于连边单包管都计官商查解水车房党文班习关经通来何平家党校任"
)
_SURNAME: Final = f"(?:{'|'.join(COMPOUND_SURNAMES)}|[{_SURNAMES}])"
_TITLE: Final = (
    "(?:先生|女士|小姐|同志|师傅|老师|阿姨|大爷|大妈|大娘|大叔|大姐|大哥|奶奶|爷爷|叔叔|婶婶|老人|"
    "主任|书记|经理|医生|律师|同学)"
)
_FIRM_TITLE: Final = "(?:先生|女士|小姐|同志|师傅|阿姨|大爷|大妈|大叔|大姐|大哥|医生|律师)"
_MARK: Final = (
    "(?:我叫|名叫|叫做|姓名|名字[是叫]|联系人|联络人|收件人|报修人|投诉人|反映人|申请人|举报人|经办人|当事人|签名|署名|"
    "落款|户主|业主|房东|租客|租户|住户|居民|本人|我是|邻居|老人|老婆|老公|爱人|丈夫|妻子|父亲|母亲|爸爸|妈妈|儿子|"
    "女儿|孩子|患者|病人|敬礼[!！。]?)"
)
# A given name ends where the sentence does, or where it goes on as sentences about people do.
_END: Final = (
    r"(?=$|[\s，。、；：！？,.;:!?（）()\[\]【】\"“”/\d+]|"
    f"电话|手机|联系|微信|身份证|住在|家住|家里|家在|家|在|{_TITLE})"
)
_NUMERALS: Final = "零〇一幺二三四五六七八九"
_DIGIT: Final = f"[0-9{_NUMERALS}]"
_GAP: Final = r"[ \-—–.·_]{0,2}"
_CALL: Final = (
    r"(?:电话|座机|手机|手机号|号码|致电|拨打|来电|固话|tel|phone)(?:号码|号)?[:为是]?\s*"
)
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A piece of a text that names or reaches a person.

    kind: email, id, bankcard, mobile, landline, wechat, qq, plate, room or name.
    """

    start: int
    end: int
    kind: str


def find(text: str) -> list[Finding]:
    """Return every personal piece of a text, in order, none overlapping another.

    Shape: positions of the text as given: text[finding.start:finding.end].
    Errors: none; a text about nobody gives [].
    """
    plain = narrow(text)
    taken: list[Finding] = []
    for kind, pattern, is_real in _RULES:
        for match in pattern.finditer(plain):
            start, end = match.span("x")
            if is_real(match["x"]) and not any(f.start < end and start < f.end for f in taken):
                taken.append(Finding(start, end, kind))
    return sorted(taken)


def narrow(text: str) -> str:
    """Return the text with full-width letters, digits and signs made narrow, as long as before."""
    return text.translate(_NARROW).lower()


_NARROW: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    0x3000: " ",
    ord("×"): "x",
    ord("＠"): "@",
    0xA0: " ",
    # Lower case must not change the length.
    ord("İ"): "i",
}


def _always(_piece: str) -> bool:
    return True


def is_id_number(piece: str) -> bool:
    """Return whether 18 signs have the head and the birthday of an identity number.

    The check digit is no condition: a number that somebody mistyped still leads to them.
    Source: GB 11643-1999.
    """
    signs = re.sub(r"[ \-—–.·_]", "", piece)
    try:
        date(int(signs[6:10]), int(signs[10:12]), int(signs[12:14]))
    except ValueError:
        return False
    return 11 <= int(signs[:2]) <= 82 and signs[6:8] in ("18", "19", "20")


def _is_card(piece: str) -> bool:
    """Return whether digits are a bank card by their head and their check digit (Luhn)."""
    digits = re.sub(r"\D", "", piece)
    if not 15 < len(digits) < 20 or digits[0] not in "3456":
        return False
    pairs = enumerate(int(digit) for digit in reversed(digits))
    return sum(n if i % 2 == 0 else n * 2 - 9 * (n > 4) for i, n in pairs) % 10 == 0


def _is_home(piece: str) -> bool:
    """Return whether digits can be a home's number: 501, 1802; not a year's or a sum's."""
    return not piece.startswith("0")


_Rule = tuple[str, re.Pattern[str], Callable[[str], bool]]


def _rule(kind: str, pattern: str, is_real: Callable[[str], bool] = _always) -> _Rule:
    return kind, re.compile(pattern), is_real


# In order: what is found first is not part of anything found later.
_RULES: Final[list[_Rule]] = [
    _rule("email", r"(?P<x>[a-z0-9_.+-]+@[\w-]+(?:\.[a-z0-9-]+)+)"),
    _rule(
        "id",
        r"(?<![0-9a-z])(?P<x>\d{6}[ -]?\d{4}[ -]?\d{2}[ -]?\d{2}[ -]?\d{3}[ -]?[0-9x])(?![0-9a-z])",
        is_id_number,
    ),
    _rule("id", r"(?:身份证|证件)(?:号码|号)?[:为是]?\s*(?P<x>\d{14,17}[0-9x])(?![0-9a-z])"),
    _rule(
        "id",
        r"(?:护照|通行证|军官证|居住证|医保卡|社保卡)(?:号码|号)?[:为是]?\s*(?P<x>[a-z]{0,2}\d{6,12})(?![0-9a-z])",
    ),
    _rule(
        "bankcard",
        r"(?:卡号|账号|帐号|账户|帐户|银行卡|储蓄卡|信用卡)[:为是]?\s*(?P<x>\d(?:[ -]?\d){11,18})(?!\d)",
    ),
    _rule(
        "bankcard", r"(?<![0-9a-z])(?P<x>\d{4}(?:[ -]?\d{4}){3}[ -]?\d{0,3})(?![0-9a-z])", _is_card
    ),
    _rule(
        "mobile",
        rf"(?<!{_DIGIT})(?<!\d[.\-])(?P<x>(?:\+?\(?86\)?[ -]?)?[1一幺]{_GAP}"
        rf"[3-9三四五六七八九]{_GAP}(?:{_DIGIT}{_GAP}){{8}}{_DIGIT})(?!{_DIGIT}|\.\d)",
    ),
    # Numbers of examples, that can be nobody's, are hidden as real ones are.
    _rule("mobile", r"(?<!\d)(?<!\d[.\-])(?P<x>100[ -]?\d{4}[ -]?\d{4})(?!\d|[.\-]\d)"),
    _rule("landline", r"(?<![\d-])(?P<x>\(?0\d{2,3}\)?[ -]?\d{3,4}[ -]?\d{4})(?!\d)"),
    _rule("landline", _CALL + r"(?P<x>(?!400|800|95|1\d{2}(?!\d))\d{3,4}[ -]?\d{4})(?!\d)"),
    _rule(
        "wechat",
        r"(?:微信|威信|v信|vx|wx|weixin|wechat|加v)(?:号码|号|id)?[:为是]?\s*(?P<x>[a-z0-9][-_a-z0-9]{4,19})",
    ),
    _rule("qq", r"(?:qq|扣扣|q)(?:号码|号)?[:为是]?\s*(?P<x>[1-9]\d{4,11})(?!\d)"),
    _rule(
        "plate",
        rf"(?P<x>[{_PROVINCES}][a-hj-np-z][·•.\s-]?[a-hj-np-z0-9]{{4,5}}[a-hj-np-z0-9挂学警港澳])(?![a-z0-9])",
        lambda piece: any(sign.isdigit() for sign in piece),
    ),
    _rule("plate", r"车牌(?:号码|号)?[:为是]?\s*(?P<x>[a-z][·•.\s-]?[a-z0-9]{4,6})(?![a-z0-9])"),
    _rule("room", rf"(?P<x>[0-9a-z]{{1,5}}|[{_NUMERALS}]{{3,4}})(?=室(?!内|外))"),
    _rule("room", r"单元\s?(?P<x>\d{3,4})(?!\d|[个年元块人天米平多余])", _is_home),
    _rule(
        "room",
        r"(?<=[栋幢座#])(?P<x>\d{3,4})(?!\d|[个年元块人天米平多余户号单])",
        _is_home,
    ),
    _rule("room", r"(?<=号楼)(?P<x>\d{3,4})(?!\d|[个年元块人天米平多余户号单])", _is_home),
    _rule("room", r"(?<![\d-])\d{1,3}-\d{1,2}-(?P<x>[1-9]\d{2,3})(?![\d-])"),
    _rule("room", r"(?<=组)(?P<x>\d{1,4})(?=号(?!楼|院|路|线|井|地|车))"),
    _rule(
        "name",
        f"{_MARK}(?:的|是|叫|为|姓名)?[:]?\\s*(?!{_WORDS})(?P<x>{_SURNAME}{_GIVEN}{{1,2}}?){_END}",
    ),
    _rule("name", f"(?![{_WORD_SURNAMES}]|{_WORDS})(?P<x>{_SURNAME}{_GIVEN}{{1,2}})(?={_TITLE})"),
    _rule(
        "name",
        f'(?:^|[\\s,。;:!?、("“]|联系|叫|找|由|请|问)(?!{_WORDS})(?P<x>[{_WORD_SURNAMES}]{_GIVEN}{{1,2}})'
        f"(?={_FIRM_TITLE})",
    ),
    # A name right before a phone number: 王建国 13800000000.
    _rule(
        "name",
        rf"(?:^|[\s,。;:!?、(/]|联系|找)(?!{_WORDS})(?P<x>{_SURNAME}"
        rf"(?:(?![打拨电话机号码联系天转手]){_GIVEN}){{1,2}})"
        rf"(?=[\s:,(]{{0,2}}(?:电话|手机)?[:]?\s?[(+]?(?:86)?[01]\d{{2}}[\d *-]{{5,}})",
    ),
]


def digits_of(piece: str) -> str:
    """Return the digits of a number, Chinese numerals turned into figures."""
    return re.sub(r"\D", "", piece.translate(_FIGURES))


_FIGURES: Final = {
    ord(sign): figure for sign, figure in zip(_NUMERALS, "001123456789", strict=True)
}
