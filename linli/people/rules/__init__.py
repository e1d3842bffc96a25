"""What people works out, without a database: phones, passwords, identity numbers, search words."""

from linli.people.rules.accounts import (
    CODE_LIFE,
    CODE_PAUSE,
    CODES_A_DAY,
    LOCK,
    MOST_FAILURES,
    PASSWORD_LENGTH,
    SessionLimits,
    code_wait,
    common_head,
    failures_after,
    is_session_alive,
    normalise_phone,
    weakness,
)

__all__ = [
    "CODES_A_DAY",
    "CODE_LIFE",
    "CODE_PAUSE",
    "LOCK",
    "MOST_FAILURES",
    "PASSWORD_LENGTH",
    "SessionLimits",
    "code_wait",
    "common_head",
    "failures_after",
    "is_session_alive",
    "normalise_phone",
    "weakness",
]
