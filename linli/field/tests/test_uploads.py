"""Photos in pieces: go on where they stopped, nothing twice, nothing that is no photo."""

import hashlib
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

from linli.field.errors import BrokenUpload, OtherContent, WrongOffset
from linli.field.models import Upload
from linli.field.services import uploads
from linli.field.services.submissions import Taken, hand_in
from linli.field.tests.makers import NINE, delivery, jpeg, make_photo, taking
from linli.kernel.errors import BadInput, NoSpace, NotFound, TooMany
from linli.kernel.ids import new_id

PHOTO = jpeg("teal", 300)
SHA = hashlib.sha256(PHOTO).hexdigest()


@pytest.fixture
def one(cast):
    upload_id = new_id()
    uploads.announce(
        upload_id=upload_id, size=len(PHOTO), sha256=SHA, account_id=cast.lin.account_id, now=NINE
    )
    return upload_id


def add(cast, upload_id, offset, piece, now=NINE):
    return uploads.add_piece(
        upload_id=upload_id, offset=offset, piece=piece, account_id=cast.lin.account_id, now=now
    )


def test_pieces_make_a_clean_photo(cast, one):
    assert add(cast, one, 0, PHOTO[:500]).received == 500
    row = add(cast, one, 500, PHOTO[500:])
    assert (row.is_whole, row.width, row.height) == (True, 300, 300)
    assert Path(default_storage.path(row.path)).exists()
    assert not list(Path(default_storage.path(f"{cast.home.pk}/pieces")).glob("*"))
    assert add(cast, one, 500, PHOTO[500:]).is_whole  # the last answer was lost: the same again


def test_a_piece_that_came_already_is_told_where_to_go_on(cast, one):
    add(cast, one, 0, PHOTO[:500])
    with pytest.raises(WrongOffset) as wrong:
        add(cast, one, 0, PHOTO[:500])
    assert wrong.value.offset == 500


def test_announcing_again_tells_how_far_it_came(cast, one):
    add(cast, one, 0, PHOTO[:500])
    facts = {"upload_id": one, "account_id": cast.lin.account_id, "now": NINE}
    row, is_new = uploads.announce(size=len(PHOTO), sha256=SHA, **facts)
    assert (row.received, is_new) == (500, False)
    with pytest.raises(OtherContent):
        uploads.announce(size=len(PHOTO) + 1, sha256=SHA, **facts)


def test_what_is_not_what_was_announced_begins_anew(cast, one):
    with pytest.raises(BrokenUpload):
        add(cast, one, 0, bytes(len(PHOTO)))
    assert Upload.objects.get().received == 0
    assert add(cast, one, 0, PHOTO).is_whole


def test_a_photo_whose_end_was_not_looked_at_is_looked_at_when_asked(cast, one, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(uploads, "_finish", lambda row, now: row)
        assert not add(cast, one, 0, PHOTO).is_whole
    assert uploads.how_far(upload_id=one, account_id=cast.lin.account_id, now=NINE).is_whole


def test_what_is_no_photo_is_refused_in_words(cast):
    paper = b"%PDF-1.7 nothing"
    upload_id = new_id()
    uploads.announce(
        upload_id=upload_id, size=len(paper), sha256=hashlib.sha256(paper).hexdigest(),
        account_id=cast.lin.account_id, now=NINE,
    )  # fmt: skip
    with pytest.raises(BadInput, match="PDF"):
        add(cast, upload_id, 0, paper)


@pytest.mark.parametrize(
    "wrong", [{"size": 0}, {"size": 26 * 2**20}, {"sha256": "x" * 64}, {"sha256": SHA[:60]}]
)
def test_what_cannot_be_a_photo_is_not_announced(cast, wrong):
    facts = {"size": len(PHOTO), "sha256": SHA, **wrong}
    with pytest.raises(BadInput):
        uploads.announce(upload_id=new_id(), account_id=cast.lin.account_id, now=NINE, **facts)


@pytest.mark.parametrize("piece", [b"", PHOTO + b"x"])
def test_a_piece_of_the_wrong_length_is_refused(cast, one, piece):
    with pytest.raises(BadInput):
        add(cast, one, 0, piece)


def test_somebody_elses_photo_is_not_there(cast, one):
    with pytest.raises(NotFound):
        uploads.get_upload(one, cast.desk.account_id)


def test_nobody_piles_up_photos_without_end(cast, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_OPEN", 2)
    make_photo(cast.lin), make_photo(cast.lin)
    with pytest.raises(TooMany):
        make_photo(cast.lin)
    make_photo(cast.desk)


def test_a_full_disk_keeps_what_came_before(cast, one, monkeypatch):
    add(cast, one, 0, PHOTO[:500])

    def full(*args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.os, "pwrite", full)
    with pytest.raises(NoSpace):
        add(cast, one, 500, PHOTO[500:])
    assert Upload.objects.get().received == 500


def test_what_nobody_used_in_a_week_goes_and_what_is_used_stays(cast, one):
    kept = make_photo(cast.lin)
    with taking(lambda sent: Taken()):
        hand_in(delivery=delivery(photos=(("a", kept),)), actor=cast.lin, now=NINE)
    add(cast, one, 0, PHOTO[:500])
    assert uploads.sweep_unused(now=NINE + uploads.KEPT_FOR) == 0
    assert uploads.sweep_unused(now=NINE + 2 * uploads.KEPT_FOR) == 1
    assert Upload.objects.get().upload_id == kept
    assert Path(default_storage.path(Upload.objects.get().path)).exists()
