"""Place codes (点位码): what stands on a door, is read aloud and typed by hand."""

import re
from typing import Final

# Digits and small letters without those that are taken for each other: 0 o, 1 i l, u v.
ALPHABET: Final = "23456789abcdefghjkmnpqrstvwxyz"
LENGTH: Final = 6
SPACE: Final = len(ALPHABET) ** LENGTH
_HEAD: Final = re.compile(r"[a-z0-9]{1,8}")
_SEEN: Final = re.compile(r"[a-z0-9]{1,8}-[a-z0-9]{1,11}")


def code_of(tenant_code: str, number: int) -> str:
    """Return the place code of a number below SPACE: "wjq-4f7k2m"."""
    signs = []
    for _ in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[rest])
    return f"{tenant_code}-{''.join(reversed(signs))}"


def tidy_code(typed: str) -> str:
    """Return a typed or scanned code in the form in which it is kept; "" when it can't be one."""
    code = (
        typed.strip()
        .lower()
        .replace(" ", "")
        .replace("_", "-")
        .replace("—", "-")
        .replace("－", "-")
    )
    return code if _SEEN.fullmatch(code) else ""


def head_of(code: str) -> str:
    """Return the tenant's code at the head of a place code or a secret link, or ""."""
    head = code.strip().partition("-")[0].lower()
    return head if _HEAD.fullmatch(head) else ""
