"""The protocols spoken to the outside, held against the other side of each."""

import socket
import socketserver
import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest

from linli.messages import adapters
from linli.messages.adapters import Letter, Refused, Unreachable, http, robots, safety, sms
from linli.messages.tests.makers import gateway


def text(to="10000000009", key="linli-1", words="您好"):
    return Letter(channel="sms", address=to, text=words, key=key)


def group(kind, url, secret=""):
    return Letter(
        channel="robot", address=url, text="新工单：灯", key="k", robot_kind=kind, secret=secret
    )


@pytest.fixture(autouse=True)
def _plain(settings):
    settings.SMS_URL = settings.MAIL_URL = settings.SMS_SIGN = ""


# Text messages


def test_without_a_gateway_nothing_is_called_sent():
    assert adapters.carry(text()).is_sent is False
    letter = Letter(channel="mail", address="a@example.cn", text="x", key="k")
    assert adapters.carry(letter).is_sent is False


def test_the_gateway_takes_a_signed_text(settings):
    with gateway(settings) as other:
        receipt = adapters.carry(text(words="楼道灯修好了，满意吗？😊"))
    assert receipt == adapters.Receipt(is_sent=True, reference="fake-1")
    assert other.texts[0]["text"] == "楼道灯修好了，满意吗？😊"


def test_the_same_key_arrives_once_however_often_it_is_sent(settings):
    with gateway(settings) as other:
        receipts = {adapters.carry(text()).reference for _attempt in range(3)}
        adapters.carry(text(key="linli-2"))
    assert receipts == {"fake-1"}
    assert (len(other.texts), other.calls) == (2, 4)


def test_a_wrong_secret_loses_no_message(settings):
    with gateway(settings):
        settings.SMS_KEY = "another"
        with pytest.raises(Unreachable, match="401"):
            adapters.carry(text())


def test_a_number_that_is_none_is_refused_for_good(settings):
    with gateway(settings), pytest.raises(Refused, match="号码不对"):
        adapters.carry(text(to="12345"))


@pytest.mark.parametrize("status", [400, 410, 413, 422])
def test_a_letter_that_is_wrong_is_refused_for_good(settings, status):
    with gateway(settings, status=status), pytest.raises(Refused):
        adapters.carry(text())


@pytest.mark.parametrize("status", [301, 401, 403, 404, 429, 500, 502, 503])
def test_trouble_on_the_other_side_is_tried_again(settings, status):
    with gateway(settings, status=status), pytest.raises(Unreachable) as raised:
        adapters.carry(text())
    assert (raised.value.is_untouched, raised.value.wait) == (False, None)


def test_the_other_side_may_say_when(settings):
    with gateway(settings, status=429, retry_after="90"), pytest.raises(Unreachable) as raised:
        adapters.carry(text())
    assert raised.value.wait == timedelta(seconds=90)


def test_a_gateway_that_is_not_there_has_certainly_taken_nothing(settings):
    with gateway(settings):
        pass
    with pytest.raises(Unreachable) as raised:
        adapters.carry(text())
    assert raised.value.is_untouched is True


def test_a_gateway_that_does_not_answer_may_have_taken_it(settings, monkeypatch):
    with gateway(settings, delay_seconds=30) as other:
        with monkeypatch.context() as hurry:
            hurry.setattr(http, "TIMEOUT", http.urllib3.Timeout(connect=30, read=0.2))
            with pytest.raises(Unreachable) as raised:
                adapters.carry(text())
        other.delay_seconds = 0
        adapters.carry(text())
    assert raised.value.is_untouched is False
    assert len(other.texts) == 1  # The key kept it from arriving twice.


def test_the_signature_covers_moment_key_and_body():
    # Worked out with openssl dgst -sha256 -hmac.
    signed = sms.signature("shared", "1763430000", "linli-1", b"{}")
    assert signed == "v1=6be8b3d14d79bbba12d69f70925501d9a0eaeaa3e9fb4324e61672937794f3c5"


# Group robots


@pytest.mark.parametrize("kind", ["wecom", "dingtalk"])
def test_a_group_robot_speaks(settings, kind):
    with gateway(settings) as other:
        adapters.carry(group(kind, f"{other.url}/{kind}?key=1", "SECfake"))
    assert other.said == [{"kind": kind, "text": "新工单：灯"}]


def test_dingtalk_signs_as_its_documentation_says():
    # HMAC-SHA256 of "timestamp\\nsecret" under the secret, in base64; worked out with openssl.
    signed = robots.dingtalk_sign("SEC000", 1577262236757)
    assert signed == "0mUoy51oaZiRp9zSbtu3Gh7pbwvH33YBGob4MsxeXA4="


def test_a_robot_with_the_wrong_secret_is_refused_and_says_why(settings):
    with gateway(settings) as other, pytest.raises(Refused, match="310000 sign not match"):
        adapters.carry(group("dingtalk", f"{other.url}/dingtalk", "SECwrong"))


@pytest.mark.parametrize(
    ("kind", "errcode"), [("wecom", 45009), ("wecom", -1), ("dingtalk", 130101)]
)
def test_a_robot_that_is_busy_is_asked_again(settings, kind, errcode):
    with gateway(settings, errcode=errcode) as other, pytest.raises(Unreachable):
        adapters.carry(group(kind, f"{other.url}/{kind}", "SECfake"))


def test_a_robot_that_was_removed_is_refused(settings):
    with gateway(settings, errcode=93000) as other, pytest.raises(Refused, match="93000"):
        adapters.carry(group("wecom", f"{other.url}/wecom"))


def test_a_long_text_is_shortened_to_what_the_group_takes(settings):
    with gateway(settings) as other:
        letter = Letter(channel="robot", address=f"{other.url}/wecom", text="灯" * 900, key="k",
                        robot_kind="wecom")  # fmt: skip
        adapters.carry(letter)
    said = other.said[0]["text"]
    assert len(said.encode()) <= 2048
    assert said.endswith("…")


# No doors inwards


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/x", "ftp://qyapi.weixin.qq.com/", "qyapi.weixin.qq.com/x", "https://",
        "https://localhost/x", "https://127.0.0.1/x", "https://10.1.2.3/", "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data", "https://[::1]/", "https://[fd00::1]/",
        "https://[::ffff:127.0.0.1]/", "https://intranet/", "https://db.internal/", "https://0.0.0.0/",
        "https://user:pass@qyapi.weixin.qq.com/", "https://100.64.0.1/", "https://x.example:99999/",
    ],
)  # fmt: skip
def test_an_address_inside_is_not_called(address):
    with pytest.raises(Refused):
        adapters.check_address(address)


def test_a_public_address_is_fine():
    address = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=1"
    assert adapters.check_address(address).target == "/cgi-bin/webhook/send?key=1"


@pytest.mark.parametrize("number", ["10.0.0.5", "127.0.0.1", "::1", "169.254.169.254"])
def test_a_public_name_that_points_inside_is_not_called(monkeypatch, number):
    found = [
        (socket.AF_INET, 1, 6, "", ("93.184.215.14", 443)),
        (socket.AF_INET, 1, 6, "", (number, 443)),
    ]
    monkeypatch.setattr(safety.socket, "getaddrinfo", lambda *args, **kwargs: found)
    with pytest.raises(Refused):
        adapters.carry(group("wecom", "https://robot.example.cn/x"))


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch):
    found = [(socket.AF_INET, 1, 6, "", ("93.184.215.14", 443))]
    monkeypatch.setattr(safety.socket, "getaddrinfo", lambda *args, **kwargs: found)
    pool = safety.pool_for(safety.check_address("https://robot.example.cn/x"))
    assert (pool.host, pool.port) == ("93.184.215.14", 443)
    assert (pool.assert_hostname, pool.conn_kw["server_hostname"]) == ("robot.example.cn",) * 2


def test_a_name_that_leads_nowhere_is_tried_again(monkeypatch):
    def fail(*args, **kwargs):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(safety.socket, "getaddrinfo", fail)
    with pytest.raises(Unreachable) as raised:
        adapters.carry(group("wecom", "https://robot.example.cn/x"))
    assert raised.value.is_untouched is True


# Mail


class MailServer(socketserver.StreamRequestHandler):
    """As much of SMTP as a message needs; what it answers to RCPT is the server's `rcpt`."""

    def handle(self):
        self.say("220 fake")
        while line := self.rfile.readline().decode().strip():
            verb = line[:4].upper()
            if verb == "RCPT":
                self.say(self.server.rcpt)
            elif verb == "DATA":
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                self.server.mails.append(b"".join(lines).decode())
                self.say("250 taken")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())


@contextmanager
def mail_server(settings, rcpt="250 ok"):
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer) as server:
        server.daemon_threads, server.rcpt, server.mails = True, rcpt, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        host, port = server.server_address
        settings.MAIL_URL = f"smtp://{host}:{port}?from=linli@example.cn"
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


MAIL = Letter(
    channel="mail", address="lin@example.cn", title="新工单：灯", text="3 幢的灯。", key="linli-9"
)


def test_mail_leaves_with_a_name_that_stays_the_same(settings):
    with mail_server(settings) as server:
        receipt = adapters.carry(MAIL)
    assert receipt.reference == "<linli-9@example.cn>"
    assert "Message-ID: <linli-9@example.cn>" in server.mails[0]
    assert "To: lin@example.cn" in server.mails[0]


def test_a_mailbox_that_does_not_exist_is_refused_for_good(settings):
    with mail_server(settings, rcpt="550 no such user"), pytest.raises(Refused, match="550"):
        adapters.carry(MAIL)


def test_a_mailbox_that_is_full_is_tried_again(settings):
    with mail_server(settings, rcpt="452 full"), pytest.raises(Unreachable):
        adapters.carry(MAIL)


def test_a_mail_server_that_is_not_there_has_taken_nothing(settings):
    with mail_server(settings):
        pass
    with pytest.raises(Unreachable) as raised:
        adapters.carry(MAIL)
    assert raised.value.is_untouched is True


def test_an_address_with_a_line_break_is_refused(settings):
    with mail_server(settings), pytest.raises(Refused):
        adapters.carry(Letter(channel="mail", address="a@b.cn\nBcc: x@y.cn", text="x", key="k"))
