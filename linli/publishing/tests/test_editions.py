"""What is kept of the board is good for one edition: gone at once, everywhere, when it is withdrawn."""

from datetime import UTC, datetime
from xml.etree import ElementTree

from django.test import Client

from linli.cases.tests.makers import HOUR
from linli.publishing import services
from linli.publishing.tests.makers import make_article, make_resolved, release
from linli.publishing.tests.test_board_pages import NOW, on_wednesday, page, shown, world

__all__ = ["on_wednesday", "world"]


def test_what_is_withdrawn_or_put_right_is_gone_at_once_in_every_process(world):
    """Another process hears of nothing: what it has kept is only as good as the board's edition."""
    article = shown(world, make_resolved(world, with_photos=True))
    other = shown(world, make_resolved(world))
    paths = ("", "board.atom", "week/2026-03-02/")
    assert all(str(article.pk) in page(world, path) for path in paths)
    photo = f"/board/{world.at}/articles/{article.pk}/after/thumb/"
    had = Client().get(photo)
    assert b"".join(had)
    mark = {"If-None-Match": had["ETag"]}
    assert Client().get(photo, headers=mark).status_code == 304
    services.withdraw_article(article_id=article.pk, reason="有误", actor=world.fang, now=NOW)
    assert not any(str(article.pk) in page(world, path) for path in paths)
    assert str(other.pk) in page(world)
    page(world, f"articles/{article.pk}/", 404)
    assert Client().get(photo, headers=mark).status_code == 404
    notice = make_article(world, "notice", title="周六王琴家停水")
    release(world, notice, now=NOW)
    assert "周六王琴家停水" in page(world)
    sheet = services.ArticleSheet(title="周六三号楼停水", text="检修。")
    services.write_article(sheet=sheet, article_id=notice.pk, actor=world.wen, now=NOW)
    release(world, notice, now=NOW)
    assert "王琴" not in page(world)


def test_a_kind_that_is_no_longer_shown_leaves_the_board(world, django_assert_num_queries):
    from linli.cases.models import Category
    from linli.publishing.services import editions

    article = shown(world, make_resolved(world))
    assert str(article.pk) in page(world)
    with django_assert_num_queries(1):  # the edition; the page itself is kept
        page(world)
    Category.objects.update(shown_on_board=False)
    editions.turn_every_page(NOW)
    assert str(article.pk) not in page(world)


def test_a_feed_says_when_it_changed_though_nothing_new_is_in_it(world):
    """A reader that trusts <updated> or asks with its mark hears of what was taken down."""
    first, second = shown(world, make_resolved(world)), shown(world, make_resolved(world))
    before = updated(feed(world))
    held = feed(world)["ETag"]
    later = NOW + HOUR
    services.withdraw_article(article_id=first.pk, reason="有误", actor=world.fang, now=later)
    unasked = feed(world, headers={"If-None-Match": held})
    assert (unasked.status_code, str(first.pk) in unasked.content.decode()) == (200, False)
    assert before < updated(unasked) == later.isoformat()
    # A word of earlier, heard of later, does not set the feed back; asking again gives nothing new.
    services.withdraw_case(case_id=second.case_id, reason="重办", actor=world.fang, now=NOW)
    assert updated(feed(world)) == later.isoformat()
    assert feed(world, headers={"If-None-Match": feed(world)["ETag"]}).status_code == 304
    since = {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
    assert feed(world, headers=since).status_code == 200  # no day is trusted, only the mark


def feed(world, **more):
    return Client().get(f"/board/{world.at}/board.atom", **more)


def updated(answer):
    """Return when a feed says that it changed, in UTC."""
    found = ElementTree.fromstring(answer.content).findtext("{http://www.w3.org/2005/Atom}updated")
    return datetime.fromisoformat(found).astimezone(UTC).isoformat()


def test_a_page_is_kept_and_marked(world, django_assert_num_queries):
    first = Client().get(f"/board/{world.at}/")
    with django_assert_num_queries(2):  # which edition hangs, each time
        again = Client().get(f"/board/{world.at}/")
        unchanged = Client(headers={"If-None-Match": first["ETag"]}).get(f"/board/{world.at}/")
    assert again.content == first.content
    assert unchanged.status_code == 304
    assert first["Cache-Control"] == "public, no-cache"
