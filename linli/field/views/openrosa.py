"""What form clients (ODK Collect, KoboCollect) call: OpenRosa 1.0 form list, forms, lists beside them,
submissions. They sign in by HTTP digest; no address of theirs says who they are.
"""

import hashlib
from collections.abc import Callable
from email.utils import format_datetime
from functools import wraps
from typing import Any, Final
from xml.sax.saxutils import escape

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from linli.field.errors import ClientEnded, UnknownPhone
from linli.field.selectors import openrosa as selectors
from linli.field.services import devices, openrosa_access, openrosa_forms, openrosa_taking
from linli.field.services.devices import Hand
from linli.kernel import clock, tenancy, throttle
from linli.kernel.errors import BadInput, TooMany
from linli.kernel.failures import as_refusal
from linli.kernel.web import Request, absolute_url, client_address, public

View = Callable[..., HttpResponse]
MOST_BYTES: Final = 24 * 1024 * 1024  # of one post; clients split what is more
PER_CLIENT: Final = 600  # calls in ten minutes
WRONG: Final = 20  # wrong secrets from one address in ten minutes
READ = require_http_methods(["GET", "HEAD"])


class TooLarge(BadInput):
    """One post has too much in it; it is refused before it is read."""

    status = 413
    code = "too_large"


class NoLength(BadInput):
    """A post does not say how long it is."""

    status = 411
    code = "no_length"


def of_client(view: View) -> View:
    """Answer a form client that has signed in, in its tenant; refusals are OpenRosa messages."""

    @wraps(view)
    def answered(request: Request, **kwargs: Any) -> HttpResponse:
        try:
            answer = _for_hand(request, view, **kwargs)
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None:
                raise
            answer = _refused(refusal)
        answer.headers["X-OpenRosa-Version"] = "1.0"
        answer.headers["X-OpenRosa-Accept-Content-Length"] = str(MOST_BYTES)
        answer.headers["Date"] = format_datetime(clock.now(), usegmt=True)
        answer.headers["Cache-Control"] = "private, no-store"
        return answer

    return public(csrf_exempt(answered))


@of_client
@READ
def form_list(request: Request, hand: Hand) -> HttpResponse:
    """Answer with the forms of the day, or the one that is asked for by its id."""
    now, wanted = clock.now(), request.GET.get("formID", "")
    lines = []
    for form in selectors.forms_of(_reader(hand), now):
        if wanted not in ("", form.form_id):
            continue
        made = openrosa_forms.version_of(form, now)
        parts = {
            "formID": made.form_id, "name": made.title, "majorMinorVersion": "",
            "version": made.version, "hash": _hash(made.xml.encode()),
            "descriptionText": _("%(n)d 个要做的") % {"n": len(form.cards)} if form.cards else "",
            "downloadUrl": _link(request, "form", made),
            "manifestUrl": _link(request, "manifest", made) if made.has_subjects else "",
        }  # fmt: skip
        inside = "".join(f"<{tag}>{escape(said)}</{tag}>" for tag, said in parts.items() if said)
        lines.append(f"<xform>{inside}</xform>")
    return _xml(f'<xforms xmlns="http://openrosa.org/xforms/xformsList">{"".join(lines)}</xforms>')


@of_client
@READ
def form(request: Request, hand: Hand, form_id: str, version: str) -> HttpResponse:
    """Answer with a form of the day, in the version that the list offers."""
    made, _form = _offered(hand, form_id, version)
    return _xml(made.xml)


@of_client
@READ
def manifest(request: Request, hand: Hand, form_id: str, version: str) -> HttpResponse:
    """Name the list that goes with a form, and a hash of what it holds today."""
    made, form = _offered(hand, form_id, version)
    line = (
        f"<mediaFile><filename>{selectors.SUBJECTS}</filename><hash>{_hash(form.subjects())}</hash>"
        f"<downloadUrl>{escape(_link(request, 'subjects', made))}</downloadUrl></mediaFile>"
        if made.has_subjects
        else ""
    )
    return _xml(f'<manifest xmlns="http://openrosa.org/xforms/xformsManifest">{line}</manifest>')


@of_client
@READ
def subjects(request: Request, hand: Hand, form_id: str, version: str) -> HttpResponse:
    """Answer with whom or what the form can be filled in about today."""
    _made, form = _offered(hand, form_id, version)
    return HttpResponse(form.subjects(), content_type="text/csv; charset=utf-8")


@of_client
@require_http_methods(["HEAD", "POST"])
def submission(request: Request, hand: Hand) -> HttpResponse:
    """Take a submission: 201 the first time, 202 for it again or a part of it, 409 for other content."""
    if request.method == "HEAD":
        answer = HttpResponse(status=204)
        answer.headers["Location"] = request.build_absolute_uri()
        return answer
    _check_length(request)
    files: dict[str, Any] = dict(request.FILES.items())
    xml = files.pop("xml_submission_file", None)
    if xml is None:
        raise BadInput(_("没有 xml_submission_file 这一部分。"))
    post = openrosa_taking.take_post(
        xml=xml,
        files={str(one.name): one for one in files.values()},
        is_incomplete=request.POST.get("*isIncomplete*", "").lower() in ("yes", "true"),
        hand=hand,
        now=clock.now(),
    )
    return _message(post.words, "submit_success", 201 if post.is_new else 202)


def _for_hand(request: Request, view: View, **kwargs: Any) -> HttpResponse:
    answer = openrosa_access.read_answer(request.headers.get("Authorization", ""))
    name = answer.get("username", "")
    with tenancy.tenant(devices.tenant_of(name)):
        hand = _hand(request, answer)
        # By the client and not by the name: whatever a stranger makes up counts for nobody.
        if not throttle.allow(f"openrosa:{hand.device.pk}", PER_CLIENT, devices.WINDOW):
            raise TooMany(_("请求得太频繁了，过几分钟再试。"), wait=devices.WINDOW / 10)
        return view(request, hand, **kwargs)


def _hand(request: Request, answer: dict[str, str]) -> Hand:
    address = client_address(request)
    method, uri = request.method or "", request.get_full_path()
    try:
        return openrosa_access.hand_of_digest(answer, method, uri, clock.now())
    except openrosa_access.Stale:
        raise
    except UnknownPhone:
        if not throttle.allow(f"openrosa-wrong:{address}", WRONG, devices.WINDOW):
            raise TooMany(_("密码错得太多，过十分钟再试。"), wait=devices.WINDOW) from None
        raise


def _reader(hand: Hand) -> Any:
    """Return the actor who may read forms; a client that was ended, or whose post was, reads nothing."""
    if hand.why_apart:
        raise ClientEnded(hand.why_apart)
    return hand.actor


def _offered(hand: Hand, form_id: str, version: str) -> Any:
    return openrosa_forms.get_offered(form_id, version, _reader(hand), clock.now())


def _check_length(request: Request) -> None:
    """Refuse what is too large before a byte of it is read."""
    said = request.META.get("CONTENT_LENGTH") or ""
    if not said.isdigit():
        raise NoLength(_("没有说明长度（Content-Length），收不了。"))
    if int(said) > MOST_BYTES:
        limit = MOST_BYTES // 2**20
        raise TooLarge(_("一次最多 %(n)d MB，照片多的分几次交。") % {"n": limit})


def _link(request: Request, name: str, made: Any) -> str:
    keys = {"form_id": made.form_id, "version": made.version}
    return absolute_url(request, reverse(f"field:openrosa_{name}", kwargs=keys))


def _hash(content: bytes) -> str:
    return f"md5:{hashlib.md5(content, usedforsecurity=False).hexdigest()}"


def _refused(refusal: Any) -> HttpResponse:
    status = 400 if refusal.status == 422 else refusal.status
    answer = _message(refusal.message, "submit_failure", status)
    if status == 401:
        stale = isinstance(refusal, openrosa_access.Stale)
        answer.headers["WWW-Authenticate"] = openrosa_access.challenge(is_stale=stale)
    if refusal.wait is not None:
        answer.headers["Retry-After"] = str(round(refusal.wait.total_seconds()))
    return answer


def _message(words: str, nature: str, status: int) -> HttpResponse:
    said = f'<message nature="{nature}">{escape(words)}</message>'
    body = f'<OpenRosaResponse xmlns="http://openrosa.org/http/response">{said}</OpenRosaResponse>'
    return _xml(body, status)


def _xml(body: str, status: int = 200) -> HttpResponse:
    head = "" if body.startswith("<?xml") else '<?xml version="1.0" encoding="UTF-8"?>'
    return HttpResponse(head + body, status=status, content_type="text/xml; charset=utf-8")
