"""What residents' pages share: who speaks, from which device, how often, and the photos they brought."""

from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from linli.cases.forms.reporter import AdditionForm
from linli.cases.selectors.access import FOLLOWER_LINK
from linli.cases.services import stash
from linli.cases.services.intake import PHOTO_LIMIT
from linli.kernel import pictures, secrets, throttle, web
from linli.kernel.actor import Actor, ActorKind, reporter
from linli.kernel.errors import BadInput, NoSpace
from linli.kernel.ids import new_id
from linli.kernel.pictures import Picture

DEVICE_COOKIE, DEVICE_SALT = "device", "linli device"
AT_COOKIE = "at"
YEAR = 365 * 24 * 3600
WINDOW = timedelta(minutes=10)
A_DEVICE, AN_ADDRESS, PHOTOS_OF_ADDRESS = 8, 60, 240


def speaker(request: Any) -> Actor:
    """Return who speaks on a resident's page: a resident with an account, else just a reporter.

    Staff who scan a code on their way home are reporters like anybody.
    """
    actor: Actor = request.actor
    return actor if actor.kind is ActorKind.RESIDENT else reporter(request.tenant.pk)


def account_id_of(request: Any) -> UUID | None:
    """Return the resident's account, when one is signed in."""
    return speaker(request).account_id


def token_of(request: Any, case: Any) -> str:
    """Return the secret of a case's link, without asking for the tenant again."""
    return secrets.case_token(request.tenant.code, case.pk, case.link_version)


def token_of_follower(request: Any, follower: Any) -> str:
    """Return the secret of a follower's link, without asking for the tenant again."""
    return secrets.case_token(
        request.tenant.code, follower.pk, follower.link_version, kind=FOLLOWER_LINK
    )


def device_of(request: Any) -> str:
    """Return the key of the sender's device, or "" when it keeps no cookies of ours."""
    device: str | None = getattr(request, "_device", None)
    if device is None:  # Read once: it is asked for at every turn.
        device = request.get_signed_cookie(DEVICE_COOKIE, default="", salt=DEVICE_SALT)
        request._device = device
    return device or ""


def with_device(request: Any, response: HttpResponse) -> HttpResponse:
    """Give the device a key, if it has none: a random one that says nothing about anybody."""
    if not device_of(request):
        response.set_signed_cookie(
            DEVICE_COOKIE, new_id().hex, salt=DEVICE_SALT, max_age=YEAR,
            httponly=True, samesite="Lax", secure=settings.IS_SECURE,
        )  # fmt: skip
    return response


def may_send(request: Any) -> bool:
    """Tell whether this device, and the address it shares with others, may send another report.

    A whole building may stand behind one address: the device's own limit is hit long before.
    """
    address = web.client_address(request)
    device = device_of(request) or f"none at {address}"
    return throttle.allow(f"cases.report:{device}", A_DEVICE, WINDOW) and throttle.allow(
        f"cases.report:{address}", AN_ADDRESS, WINDOW
    )


def too_many_words(phone: str) -> str:
    """Return what somebody is told who sent too much in a short time."""
    words = _("这几分钟里发得有点多，先歇一歇，十分钟后再发。您写的内容都在。")
    return words + (_("着急的话，打电话给社区：%(phone)s。") % {"phone": phone} if phone else "")


def private(response: HttpResponseBase) -> HttpResponseBase:
    """Mark a page that is for one pair of eyes: kept by no cache, in no search engine."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@dataclass(slots=True)
class Bag:
    """The photos of a form: those that waited on our side, those that came now, what was wrong."""

    key: UUID
    waiting: dict[str, Picture] = field(default_factory=dict)
    fresh: list[Picture] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def all(self) -> tuple[Picture, ...]:
        """The photos, in the order in which they came."""
        return (*self.waiting.values(), *self.fresh)

    def settle(self) -> list[str]:
        """Keep what came now for the next page; return the names of all.

        On a full disk they are not kept: what was typed is more than they are.
        """
        with suppress(NoSpace):
            names = stash.stash_photos(key=self.key, photos=self.fresh)
            self.waiting |= dict(zip(names, self.fresh, strict=True))
        self.fresh = []
        return list(self.waiting)

    def shown(self) -> list[tuple[str, str]]:
        """Return the waiting photos as (name, small picture for the page); they have no address."""
        return [
            (name, f"data:image/jpeg;base64,{b64encode(picture.thumb).decode()}")
            for name, picture in self.waiting.items()
        ]

    def offer(self, form: Any, more: Any) -> dict[str, Any]:
        """Let the form take as many photos more as there is room for; return what its page says.

        more: the words after the label while none is kept.
        """
        field, room = form.fields["photos"], PHOTO_LIMIT - len(self.waiting)
        field.max_photos = field.widget.attrs["data-max"] = room
        if self.waiting:
            more = _("（还能加 %(n)d 张）") % {"n": room}
        return {"photos": self.shown(), "photos_more": more, "photo_room": room}

    def empty(self) -> None:
        """Throw away what waited: the report is sent."""
        if self.waiting:
            stash.drop_stash(self.key)


def photos_of(request: Any, *, key: UUID, names: Sequence[str] = ()) -> Bag:
    """Return the photos that a form brought, each cleaned; a bad one is told and left out."""
    bag = Bag(key, stash.stashed_photos(key, names[:PHOTO_LIMIT]) if names else {})
    files = [file for file in request.FILES.getlist("photos") if file]
    if not files:
        return bag
    address = web.client_address(request)
    if not throttle.allow(f"cases.photos:{address}", PHOTOS_OF_ADDRESS, WINDOW):
        bag.errors.append(_("照片发得太多了，先歇一歇，十分钟后再补。"))
        return bag
    room = max(PHOTO_LIMIT - len(bag.waiting), 0)
    for file in files[:room]:
        _clean_into(bag, file)
    if len(files) > room:
        bag.errors.append(
            _("最多 %(most)d 张照片，多选的 %(over)d 张没有收下。")
            % {"most": PHOTO_LIMIT, "over": len(files) - room}
        )
    return bag


def _clean_into(bag: Bag, file: Any) -> None:
    try:
        bag.fresh.append(pictures.clean(file))
    except BadInput as error:
        bag.errors.append(
            _("“%(name)s”：%(words)s 其他内容都还在。")
            % {"name": file.name, "words": error.message}
        )


def addition_sent(request: Any, phone: str) -> tuple[AdditionForm, Any]:
    """Return what a reporter or a follower adds, with what is wrong with it, and its photos.

    phone: the community's, for whoever has sent too much to go on here.
    """
    form, bag = AdditionForm(request.POST), photos_of(request, key=new_id())
    for words in bag.errors:
        form.add_error("photos", words)
    if not may_send(request):
        form.add_error(None, too_many_words(phone))
    return form, bag.all
