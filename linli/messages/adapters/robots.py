"""Group robots, WeCom (企业微信) and DingTalk (钉钉): the body, signature and errors of each."""

import base64
import hashlib
import hmac
import json
import time
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote_plus

from django.utils.translation import gettext as _

from linli.messages.adapters import safety
from linli.messages.adapters.http import post_json
from linli.messages.adapters.outcome import Letter, Receipt, Refused, Unreachable

# Too many in a minute, or busy: the same text may go later. All else that is not 0 is for good.
_LATER: Final = {
    "wecom": {-1: None, 45009: timedelta(minutes=2), 45033: timedelta(minutes=2)},
    "dingtalk": {
        -1: None,
        130101: timedelta(minutes=10),
        410100: timedelta(minutes=10),
        660026: timedelta(minutes=10),
    },
}
DEADLINE_SECONDS: Final = 15.0
_LONGEST: Final = {"wecom": 2048, "dingtalk": 20_000}  # bytes of UTF-8


def send(letter: Letter) -> Receipt:
    """Say a text in a group. Errors: Refused, Unreachable."""
    checked = safety.check_address(letter.address)
    target = checked.target
    if letter.robot_kind == "dingtalk" and letter.secret:
        target = _signed(target, letter.secret, int(time.time() * 1000))
    text = _shorten(letter.text, _LONGEST[letter.robot_kind])
    body = json.dumps({"msgtype": "text", "text": {"content": text}}, ensure_ascii=False).encode()
    pool = safety.pool_for(checked)
    try:
        with safety.Watch(DEADLINE_SECONDS) as watch:
            watch.over(pool)
            answer = post_json(pool, target, body, {"Host": checked.parts.netloc})
    finally:
        pool.close()
    _check(letter.robot_kind, answer.data)
    return Receipt(is_sent=True)


def dingtalk_sign(secret: str, timestamp: int) -> str:
    """Return DingTalk's signature of a moment, not yet quoted.

    timestamp: milliseconds. Source: open.dingtalk.com, 自定义机器人安全设置, 加签.
    """
    message = f"{timestamp}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def _signed(target: str, secret: str, timestamp: int) -> str:
    joint = "&" if "?" in target else "?"
    return (
        f"{target}{joint}timestamp={timestamp}&sign={quote_plus(dingtalk_sign(secret, timestamp))}"
    )


def _check(kind: str, data: dict[str, Any]) -> None:
    """Both answer 200 to everything and say in `errcode` how it went."""
    code = data.get("errcode")
    if code == 0:
        return
    if code is None or code in _LATER[kind]:
        wait = _LATER[kind].get(code) if code is not None else None
        raise Unreachable(_("群机器人暂时不收（%(code)s）。") % {"code": code}, wait=wait)
    words = str(data.get("errmsg", ""))[:100]
    raise Refused(_("群机器人不收（%(code)s %(words)s）。") % {"code": code, "words": words})


def _shorten(text: str, longest: int) -> str:
    raw = text.encode()
    return text if len(raw) <= longest else raw[: longest - 3].decode(errors="ignore") + "…"
