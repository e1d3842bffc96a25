"""What stands behind the addresses of somebody who follows a case: a link of theirs, a photo."""

from typing import Any

from linli.cases.models import Case, Entry, Photo
from linli.cases.services import following, telling
from linli.kernel import clock
from linli.kernel.actor import reporter

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
        case=case, kind="addition", audience="staff", text="也满了。", follower=follower, created_at=now
    )
    own = Photo.objects.create(
        case=case, entry=entry, stage="addition", path=shot.path, thumb_path=shot.thumb_path,
        width=640, height=480, sha256="", created_at=now,
    )  # fmt: skip
    carried = {"token": telling.token_of_follower(follower), "photo_id": own.pk, "size": "thumb"}
    return {f"cases:following{part}": carried for part in PARTS}
