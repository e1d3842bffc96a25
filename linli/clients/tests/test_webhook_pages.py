"""Through the pages: a lead connects another system, tries it, looks at the log, changes the secret."""

from uuid import uuid4

from django.urls import reverse

from linli.clients.models import Webhook, WebhookDelivery
from linli.clients.tests.makers import make_webhook

FILLED = {
    "name": "热线平台",
    "address": "https://hooks.example.com/linli",
    "topics": ["cases.case.reported", "cases.case.closed"],
}


def address(name: str, *ids) -> str:
    return reverse(f"clients:{name}", args=ids)


def text(answer) -> str:
    return answer.content.decode()


def test_a_lead_adds_a_webhook_and_sees_its_secret_once(cast, sign_in):
    lead = sign_in("lead")
    sent = {**FILLED, "area": cast.community.pk, "key": str(uuid4())}
    made = lead.post(address("new_webhook"), sent)
    assert made.status_code == 200
    made = lead.post(address("new_webhook"), sent)  # pressed twice
    hook = Webhook.objects.get()
    assert hook.secret in text(made)
    page = text(lead.get(address("webhook", hook.pk)))
    assert hook.secret not in page
    assert "hooks.example.com" in page
    assert "上报工单" in page
    assert "热线平台" in text(lead.get(address("webhooks")))


def test_what_can_not_be_called_comes_back_with_its_reason(cast, sign_in):
    sent = {**FILLED, "area": cast.community.pk, "address": "https://10.0.0.8/"}
    answer = sign_in("lead").post(address("new_webhook"), sent)
    assert answer.status_code == 422
    assert "内部网络" in text(answer)
    assert Webhook.objects.count() == 0


def test_the_buttons_do_what_they_say(cast, sign_in):
    hook_id, lead = make_webhook(cast.lead, cast.community), sign_in("lead")
    shown = lead.post(address("webhook_act", hook_id, "trial"), follow=True)
    assert "试发的消息已经出发" in text(shown)
    assert WebhookDelivery.objects.count() == 2
    assert "停着" in text(lead.post(address("webhook_act", hook_id, "pause"), follow=True))
    assert lead.post(address("webhook_act", hook_id, "trial")).status_code == 409
    assert "正常" in text(lead.post(address("webhook_act", hook_id, "resumption"), follow=True))
    assert lead.post(address("webhook_act", hook_id, "nothing")).status_code == 404
    old = Webhook.objects.get().secret
    assert old not in text(lead.post(address("webhook_secret", hook_id)))
    changed = {**FILLED, "name": "新平台", "address": "", "area": cast.community.pk}
    assert lead.post(address("webhook_change", hook_id), changed).status_code == 302
    assert Webhook.objects.get().name == "新平台"
    lead.post(address("webhook_ending", hook_id))
    assert lead.get(address("webhook", hook_id)).status_code == 404


def test_more_webhooks_take_no_more_queries(cast, sign_in, django_assert_max_num_queries):
    lead = sign_in("lead")
    for _number in range(4):
        make_webhook(cast.lead, cast.community)
    with django_assert_max_num_queries(12):
        lead.get(address("webhooks"))
