"""What reached whom: the log, and sending again."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import clock, ids, runs
from linli.kernel.web import Request
from linli.messages import selectors, services
from linli.messages.selectors import Channel, DeliveryState
from linli.messages.services import exporting
from linli.messages.views.asked import asked_choice, asked_id

PAGE = 50


@require_GET
def log(request: Request) -> HttpResponse:
    state = asked_choice(request, "state", DeliveryState.values)
    channel = asked_choice(request, "channel", Channel.values)
    found = selectors.deliveries(
        request.actor,
        state=state,
        channel=channel,
        subject_id=asked_id(request, "about"),
        before=asked_id(request, "before"),
        limit=PAGE + 1,
    )
    context = {
        "lines": found[:PAGE],
        "has_more": len(found) > PAGE,
        "state": state,
        "channel": channel,
        "about": asked_id(request, "about"),
        "states": DeliveryState.choices,
        "channels": [one for one in Channel.choices if one[0] != Channel.PAGE],
        "outages": selectors.outage_lines(clock.now()),
        "unset": selectors.unset_channels(),
        "key": ids.new_id().hex,
    }
    return render(request, "messages/delivery_list.html", context)


@require_POST
def export(request: Request) -> HttpResponse:
    """Write the filtered log as a file: a run. The address carries the filter."""
    key = request.POST.get("key", "")
    run = exporting.start_export(
        state=asked_choice(request, "state", DeliveryState.values),
        channel=asked_choice(request, "channel", Channel.values),
        subject_id=asked_id(request, "about"),
        file_format=request.POST.get("file_format", "xlsx"),
        actor=request.actor,
        now=clock.now(),
        key=key[:64] or ids.new_id().hex,
    )
    return redirect(runs.url_of(run))


@require_POST
def again(request: Request, delivery_id: UUID) -> HttpResponse:
    services.send_again(delivery_id=delivery_id, actor=request.actor, now=clock.now())
    return redirect("messages:log")
