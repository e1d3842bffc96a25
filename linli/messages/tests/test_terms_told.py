"""A term that ends is spoken of in time."""

from datetime import UTC, datetime, timedelta

from linli.kernel import events
from linli.kernel.outbox import deliver_events
from linli.messages.models import Notice
from linli.posts import services
from linli.posts.models import Holding
from linli.posts.tests.makers import post_of

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def test_a_term_that_ends_is_spoken_of_a_month_and_a_week_before_once_each(cast):
    post = post_of("lin")
    Holding.objects.filter(post=post).update(ends_at=NINE + 40 * DAY)

    def said(at) -> list[int]:
        services.say_endings(now=at)
        services.say_endings(now=at)
        rows = [row for row in events.timeline(post.pk) if row.name == "posts.term.ending"]
        return [row.data["days"] for row in rows]

    assert said(NINE) == []
    assert said(NINE + 11 * DAY) == [30]
    assert said(NINE + 20 * DAY) == [30]
    assert said(NINE + 34 * DAY) == [30, 7]
    # The end is moved: spoken of anew.
    Holding.objects.filter(post=post).update(ends_at=NINE + 60 * DAY)
    assert said(NINE + 35 * DAY) == [30, 7, 30]
    deliver_events(NINE + 35 * DAY)
    told_to = {row.account_id for row in Notice.objects.filter(event_name="posts.term.ending")}
    assert told_to == {cast.lin.account_id, cast.lead.account_id}
