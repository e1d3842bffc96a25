"""Whose data a request is, and who asks."""

from datetime import timedelta

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import ResolverMatch, reverse

from linli.kernel import clock, tenancy
from linli.kernel.actor import ActorKind
from linli.kernel.secrets import case_token
from linli.kernel.web import public
from linli.posts import middleware, selectors
from linli.posts.models import Holding, Post


def text(answer) -> str:
    return answer.content.decode()


def today(days: int = 0) -> str:
    return (clock.local(clock.now()).date() + timedelta(days=days)).isoformat()


def address(name: str, *ids) -> str:
    return reverse(f"posts:{name}", args=ids)


def ask(view, path="/x/", *, client=None, **kwargs):
    """Send a request through the ring around a view, as the router would."""
    request = RequestFactory().get(path)
    if client is not None:
        request.COOKIES.update({key: morsel.value for key, morsel in client.cookies.items()})
        request.session = client.session

    def respond(request):
        request.resolver_match = ResolverMatch(view, (), kwargs, "probe")
        return ring.process_view(request, view, (), kwargs) or view(request, **kwargs)

    ring = middleware.ActorMiddleware(respond)
    return ring(request)


def probe(request, **kwargs):
    tenant = request.tenant.code if request.tenant else "-"
    set_here = tenancy.default_tenant_id()
    who = request.actor
    return HttpResponse(
        f"{tenant} {who.kind} {set_here == who.tenant_id} {who.account_id is not None}"
    )


@public
def open_probe(request, **kwargs):
    return probe(request, **kwargs)


def test_a_page_needs_somebody_signed_in_unless_it_is_public(cast, sign_in):
    assert ask(probe).status_code == 302
    assert text(ask(probe, client=sign_in("lin"))) == "home staff True True"
    assert text(ask(open_probe)) == "- reporter False False"
    assert text(ask(open_probe, client=sign_in("mei"))) == "home resident True True"


@pytest.mark.parametrize("key", ["code", "community", "token"])
def test_a_public_address_says_whose_it_is(cast, sign_in, key):
    head = {
        "code": cast.code.code,
        "community": f"home-{cast.community.code}",
        "token": case_token("home", cast.grid.pk, 1),
    }[key]
    assert text(ask(open_probe, **{key: head})) == "home reporter True False"
    assert text(ask(open_probe, client=sign_in("lin"), **{key: head})) == "home staff True True"
    # Somebody from elsewhere is nobody here.
    assert (
        text(ask(open_probe, client=sign_in("zhou"), **{key: head})) == "home reporter True False"
    )


def test_an_address_of_nobody_is_not_found(cast):
    for head in ("none-1", "", "-", ".", "%00", "home", "HOME-659"):
        answer = ask(open_probe, code=head)
        expected = 200 if head.lower().startswith("home") else 404
        assert answer.status_code == expected, head


def test_a_tenant_that_was_switched_off_is_not_found(cast):
    cast.home.is_active = False
    cast.home.save()
    assert ask(open_probe, code=cast.code.code).status_code == 404


def test_without_a_name_in_the_address_the_community_visited_last_counts(cast, sign_in):
    assert text(ask(open_probe, "/x/?at=home-1")) == "home reporter True False"
    # Somebody who is signed in is at home whatever the cookie says.
    assert text(ask(open_probe, "/x/?at=home-1", client=sign_in("zhou"))) == "away staff True True"
    assert text(ask(open_probe, "/x/?at=none-1")) == "- reporter False False"


def test_nothing_is_left_behind_by_a_request(cast, sign_in):
    before = tenancy.default_tenant_id()
    ask(open_probe, code=cast.code.code)
    ask(probe, client=sign_in("zhou"))
    assert tenancy.default_tenant_id() == before


def test_a_stream_stays_in_its_tenant_to_the_end(cast, sign_in):
    def stream(request):
        def lines():
            yield f"{Post.objects.count() > 3} "
            yield str(tenancy.current_tenant_id() == request.tenant.pk)

        return StreamingHttpResponse(lines())

    answer = ask(stream, client=sign_in("lin"))
    with tenancy.tenant(cast.away.pk):
        assert b"".join(answer.streaming_content) == b"True True"


def test_what_staff_see_is_kept_in_no_cache(cast, sign_in):
    assert ask(probe, client=sign_in("lin")).headers["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in ask(open_probe).headers


def test_an_ended_post_takes_effect_with_the_next_request(cast, sign_in):
    lead = sign_in("lead")
    assert lead.get(address("posts")).status_code == 200
    Holding.objects.filter(account_id=cast.lead.account_id).update(ends_at=clock.now())
    assert lead.get(address("posts")).status_code == 404


def test_htmx_and_programs_are_asked_to_sign_in_in_their_own_way(cast):
    answer = Client().get(address("posts"), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=")
    assert selectors.actor_of(cast.lin.account_id, clock.now()).kind is ActorKind.STAFF
