"""A packet on a phone: what was typed stays when a signature is refused."""

from datetime import timedelta

import pytest
from django.urls import reverse

from linli.kernel import clock
from linli.posts import services
from linli.posts.models import Handover, Holding
from linli.posts.tests.makers import post_of

DAY = timedelta(days=1)


@pytest.fixture
def packet(cast) -> Handover:
    """Lin leaves to Desk with a key and a radio."""
    post, now = post_of("lin"), clock.now()
    for kind, name in (("key", "水表间钥匙"), ("device", "对讲机")):
        services.keep_belonging(post_id=post.pk, kind=kind, name=name, actor=cast.lin, now=now)
    held = Holding.objects.get(post=post, account_id=cast.lin.account_id)
    services.end_holding(
        holding_id=held.pk, ends_at=now + DAY, incoming_id=cast.desk.account_id,
        actor=cast.lead, now=now,
    )  # fmt: skip
    return Handover.objects.get(holding_id=held.pk)


def test_what_was_typed_stays_when_a_signature_is_refused(cast, sign_in, packet):
    one, two = packet.lines.order_by("order")
    sent = {
        "line": [str(one.pk), str(two.pk)], f"pick_{one.pk}": "on", f"remark_{one.pk}": "",
        f"remark_{two.pk}": "电池不行了",
    }  # fmt: skip
    address = reverse("posts:handover_incoming", args=[packet.pk])
    answer = sign_in("desk").post(address, sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "有出入的，写一句哪里不对。" in page
    assert 'value="电池不行了"' in page
    assert f'name="pick_{one.pk}" checked' in page
    kept = reverse("posts:handover_keeping", args=[packet.pk])
    refused = sign_in("lead").post(kept, {"line": [str(one.pk)], "reason": "x" * 200})
    assert refused.status_code == 422
    assert "x" * 120 in refused.content.decode()
