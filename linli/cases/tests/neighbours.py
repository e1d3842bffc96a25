"""What stands behind the addresses of those who follow a case, of calls after its end, of programs."""

from typing import Any

from django.core import signing

from linli.cases.models import Case, Entry, FollowUp, FollowUpRule, Photo
from linli.cases.services import following, sampling, telling
from linli.cases.tests.makers import DAY, MONDAY
from linli.cases.tests.test_followups import WEEK_ON, closed
from linli.cases.views.open311.showing import PHOTO_SALT
from linli.kernel import clock
from linli.kernel.actor import reporter

# As another system is given one for what it filed.
TOKEN = "e" * 64
PARTS = ("", "_photo", "_addition", "_urge", "_rating", "_leaving")


def follower_things(case: Case, shot: Photo) -> dict[str, Any]:
    """Let somebody follow a case who added a photo; return what each of their addresses carries."""
    now = clock.now()
    follower, _is_new = following.follow_case(
        case_id=case.pk,
        device="neighbour",
        phone="",
        consent_version="",
        actor=reporter(case.tenant_id),
        now=now,
    )
    entry = Entry.objects.create(
        case=case,
        kind="addition",
        audience="staff",
        text="也满了。",
        follower=follower,
        created_at=now,
    )
    own = Photo.objects.create(
        case=case, entry=entry, stage="addition", path=shot.path, thumb_path=shot.thumb_path,
        width=640, height=480, sha256="", created_at=now,
    )  # fmt: skip
    carried = {"token": telling.token_of_follower(follower), "photo_id": own.pk, "size": "thumb"}
    return {f"cases:following{part}": carried for part in PARTS}


def call_things(world: Any) -> dict[str, Any]:
    """Draw a closed case to be called about, and set a share of its own."""
    closed(world)
    sampling.draw_week(week_on=WEEK_ON, now=MONDAY + 7 * DAY)
    share = FollowUpRule.objects.create(category=world.category, percent=20)
    return {"followup_id": FollowUp.objects.get().pk, "share_id": share.pk}


def open311_things(world: Any, case: Any, shot: Photo) -> dict[str, Any]:
    """Return what an Open311 address carries."""
    asked = ("services", "definition", "requests", "request", "token", "updates")
    return {
        "ext": "json",
        "jurisdiction": "home",
        "service_code": world.category.code,
        "request_id": case.number,
        "token_id": TOKEN,
        "signed": signing.dumps([case.tenant_id, shot.pk.hex, False], salt=PHOTO_SALT),
        **{f"?cases:open311_{name}": "?jurisdiction_id=home" for name in asked},
    }
