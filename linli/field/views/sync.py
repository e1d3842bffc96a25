"""What phones call: photos in pieces, submissions once each. A phone shows its token and no cookie is
needed: its queue reaches us also when the session is over, or the post.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from linli.field import rules, schemas
from linli.field.errors import WrongOffset
from linli.field.services import devices, submissions, uploads
from linli.kernel import clock, problems, tenancy, throttle
from linli.kernel.actor import ActorKind
from linli.kernel.errors import BadInput, TooMany
from linli.kernel.failures import as_refusal
from linli.kernel.web import Request, public

View = Callable[..., HttpResponse]
TOKEN: Final = "X-Linli-Device"
CLOCK: Final = "X-Linli-Phone-Now"
PER_PHONE: Final = 1200  # calls in ten minutes: three hundred photos in four pieces


def of_phone(view: View) -> View:
    """Answer a phone that shows its token; refusals are problem documents.

    No cookie acts here, so another site's page can do nothing: the token is a header of ours.
    """

    @wraps(view)
    def answered(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return _for_hand(request, view, *args, **kwargs)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            return _refused(problems.problem(refusal), refusal)

    return public(csrf_exempt(answered))


def _for_hand(request: Request, view: View, *args: Any, **kwargs: Any) -> HttpResponse:
    token = request.headers.get(TOKEN, "")
    tenant_id, now = devices.tenant_of(token), clock.now()
    is_here = request.tenant is not None and request.tenant.pk == tenant_id
    is_staff = is_here and request.actor.kind is ActorKind.STAFF
    with tenancy.tenant(tenant_id):
        device = devices.device_of(token)
        # By the phone and not by the token: whatever a stranger makes up counts for nobody.
        if not throttle.allow(f"phone:{device.pk}", PER_PHONE, devices.WINDOW):
            raise TooMany(_("传得太频繁了，过几分钟会接着传。"), wait=devices.WINDOW / 10)
        hand = devices.hand_of(
            device=device,
            signed_in=request.actor if is_staff else None,
            skew=schemas.read_skew(request.headers.get(CLOCK, ""), now),
            now=now,
        )
        return view(request, hand, *args, **kwargs)


def _refused(answer: HttpResponse, refusal: Exception) -> HttpResponse:
    if isinstance(refusal, WrongOffset):
        answer.headers["Upload-Offset"] = str(refusal.offset)
    return answer


@require_POST
def device(request: Request) -> JsonResponse:
    """Let this phone keep the day; the token is told once and stays on the phone."""
    known, token = devices.know_device(
        name=_phone_name(request.headers.get("User-Agent", "")),
        tenant_code=request.tenant.code,
        actor=request.actor,
        now=clock.now(),
    )
    return JsonResponse({"id": str(known.pk), "token": token}, status=201)


@require_POST
@of_phone
def leave(request: Request, hand: devices.Hand) -> HttpResponse:
    """Forget this phone: whoever used it signs out, and nothing waits on it."""
    if hand.device.ended_at is None:
        devices.end_device(device_id=hand.device.pk, actor=hand.actor, now=clock.now())
    return HttpResponse(status=204)


@require_POST
@of_phone
def send(request: Request, hand: devices.Hand) -> JsonResponse:
    """Take a submission: 201 the first time, 202 for the same again, 409 for other content."""
    now, said = clock.now(), schemas.read_json(request.body)
    said.setdefault("phone_now", request.headers.get(CLOCK, ""))
    delivery = schemas.read_delivery(said, now=now)
    receipt = submissions.hand_in(
        delivery=delivery, actor=hand.actor, device=hand.device, why_apart=hand.why_apart, now=now
    )
    row = receipt.submission
    told = {
        "id": str(row.sent_id),
        "state": row.state,
        "state_label": row.get_state_display(),
        "words": row.words,
        "link": row.link,
        "signed_in": request.actor.account_id == hand.device.account_id,
        "clock": _clock_words(delivery),
    }
    return JsonResponse(told, status=201 if receipt.is_new else 202)


@require_http_methods(["PUT", "PATCH", "HEAD"])
@of_phone
def photo(request: Request, hand: devices.Hand, upload_id: UUID) -> HttpResponse:
    """Announce a photo (PUT), send its next piece (PATCH), ask how far it has come (HEAD)."""
    account_id, now = hand.device.account_id, clock.now()
    if request.method == "HEAD":
        row = uploads.how_far(upload_id=upload_id, account_id=account_id, now=now)
        return _how_far(row, 200)
    if request.method == "PUT":
        said = schemas.read_json(request.body)
        row, is_new = uploads.announce(
            upload_id=upload_id, size=_whole(said.get("size")), sha256=str(said.get("sha256")),
            account_id=account_id, now=now,
        )  # fmt: skip
        return _how_far(row, 201 if is_new else 200)
    row = uploads.add_piece(
        upload_id=upload_id, offset=_whole(request.headers.get("Upload-Offset")),
        piece=request.body, account_id=account_id, now=now,
    )  # fmt: skip
    return _how_far(row, 204)


def _how_far(row: Any, status: int) -> HttpResponse:
    answer = HttpResponse(status=status)
    answer.headers["Upload-Offset"] = str(row.received)
    answer.headers["Upload-Length"] = str(row.size)
    return answer


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise BadInput(_("长度要写成整数。"), field="size") from None


def _clock_words(delivery: submissions.Delivery) -> str:
    if not rules.is_off(delivery.skew):
        return ""
    minutes = round(delivery.skew.total_seconds() / 60)
    faster = _("慢了") if minutes > 0 else _("快了")
    length = rules.length_of(abs(minutes))
    return _("手机时间%(faster)s %(length)s，记录按我们的时间改正了。把手机设成自动对时。") % {
        "faster": faster,
        "length": length,
    }


def _phone_name(agent: str) -> str:
    """Return what kind of phone it is, as its owner would say it."""
    systems = (("iPhone", "iPhone"), ("iPad", "iPad"), ("Harmony", _("鸿蒙手机")),
               ("Android", _("安卓手机")), ("Windows", _("电脑")), ("Mac OS", _("苹果电脑")))  # fmt: skip
    browsers = (("MicroMessenger", _("微信")), ("Edg", "Edge"), ("Firefox", "Firefox"),
                ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    system = next((name for mark, name in systems if mark in agent), _("手机"))
    browser = next((name for mark, name in browsers if mark in agent), "")
    return f"{system} · {browser}" if browser else system
