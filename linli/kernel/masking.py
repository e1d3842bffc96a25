"""Shows of a person as much as is needed to recognise them: 138****5678, 李**, 幸福小区3号楼***."""

import re
from typing import Final

from linli.kernel.personal import COMPOUND_SURNAMES, Finding, digits_of, find, narrow

__all__ = [
    "Finding", "find", "mask_address", "mask_finding", "mask_id_number", "mask_name",
    "mask_phone", "mask_text",
]  # fmt: skip

STARS: Final = "****"


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
    return (name[:2] if name.startswith(COMPOUND_SURNAMES) and len(name) > 2 else name[0]) + "**"


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
    """Return free text without phone, identity and card numbers, plates, mail addresses, homes
    and names, as well as rules can (`find`).
    """
    pieces, done = [], 0
    for finding in find(text):
        pieces += [text[done : finding.start], mask_finding(text, finding)]
        done = finding.end
    return "".join([*pieces, text[done:]])


def mask_finding(text: str, finding: Finding) -> str:
    """Return what stands in a masked text where `find` found something."""
    return _MASKS.get(finding.kind, _hide)(text[finding.start : finding.end])


def _hide(_piece: str) -> str:
    return STARS


def _mask_mobile(piece: str) -> str:
    number = digits_of(narrow(piece))[-11:]
    if re.search(r"[零〇一幺二三四五六七八九]", piece):
        return STARS + piece[-4:]
    return number[:3] + STARS + number[-4:]


def _mask_mail(piece: str) -> str:
    return "***@" + re.split("[@＠]", piece)[1]


def _mask_long_id(piece: str) -> str:
    return narrow(piece)[:3] + "*" * 11 + piece[-1]


_MASKS: Final = {
    "email": _mask_mail,
    "id": _mask_long_id,
    "bankcard": lambda piece: narrow(piece)[:4] + "*" * 8,
    "mobile": _mask_mobile,
    "landline": mask_phone,
    "plate": lambda piece: piece[:2] + "·" + STARS,
    "room": lambda _piece: "***",
    "name": mask_name,
}
