"""Mail over SMTP: LINLI_MAIL_URL is smtp://name:password@host:587?tls=1&from=linli@example.cn, or smtps://."""

import smtplib
from email.utils import formataddr
from urllib.parse import parse_qs, unquote, urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from linli.messages.adapters.outcome import RECORDED, Letter, Receipt, Refused, Unreachable

TIMEOUT = 10


def send(letter: Letter) -> Receipt:
    """Hand a letter to the mail server, or only record it. Errors: Refused, Unreachable."""
    if not settings.MAIL_URL:
        return RECORDED
    backend, sender = _backend()
    message_id = f"<{letter.key}@{sender.rpartition('@')[2] or 'localhost'}>"
    message = EmailMessage(
        subject=letter.title,
        body=letter.text,
        from_email=formataddr((_("邻里"), sender)),
        to=[letter.address],
        connection=backend,
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    )
    _open(backend)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _by_code(max(code for code, _words in error.recipients.values())) from error
    except smtplib.SMTPResponseException as error:
        raise _by_code(error.smtp_code) from error
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_("没有等到回答。")) from error
    except ValueError as error:  # An address or a subject that is none.
        raise Refused(_("邮件地址写得不对。")) from error
    finally:
        backend.close()
    return Receipt(is_sent=True, reference=message_id)


def _open(backend: EmailBackend) -> None:
    try:
        backend.open()
    except (OSError, smtplib.SMTPException) as error:
        raise Unreachable(_("连不上。"), is_untouched=True) from error


def _by_code(code: int) -> Refused | Unreachable:
    """5xx is for good (RFC 5321, 4.2.1), 4xx for now."""
    if code >= 500:
        return Refused(_("邮件服务器不收这个地址（%(code)d）。") % {"code": code})
    return Unreachable(_("对方回答 %(status)d。") % {"status": code})


def _backend() -> tuple[EmailBackend, str]:
    url = urlsplit(settings.MAIL_URL)
    asked = parse_qs(url.query)
    is_ssl = url.scheme == "smtps"
    backend = EmailBackend(
        host=url.hostname,
        port=url.port or (465 if is_ssl else 25),
        username=unquote(url.username or ""),
        password=unquote(url.password or ""),
        use_ssl=is_ssl,
        use_tls=not is_ssl and asked.get("tls", ["0"])[0] == "1",
        timeout=TIMEOUT,
    )
    return backend, asked.get("from", [f"linli@{url.hostname}"])[0]
