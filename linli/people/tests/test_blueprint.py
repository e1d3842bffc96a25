"""How long data is kept comes with the blueprint, until people change it."""

from linli.kernel import clock, ids
from linli.people import blueprint
from linli.people.models import RetentionRule
from linli.people.services import retention

NOW = clock.now()


def test_a_blueprint_says_how_long_data_is_kept_and_what_people_changed_stays(cast):
    def install(months, before=None):
        part = blueprint.PeoplePart(
            retention=(
                blueprint.RetentionItem(kind="people.gone", months=months, action="anonymise"),
            )
        )
        return part, blueprint.install(
            part, before=before, installation_id=ids.new_id(), actor=cast.lead, now=NOW
        )

    first, outcome = install(36)
    assert outcome.created == 1
    assert retention.rules_by_kind()["people.gone"].months == 36
    second, outcome = install(24, first)
    assert (outcome.updated, RetentionRule.objects.get().months) == (1, 24)
    RetentionRule.objects.update(months=48)
    _third, outcome = install(12, second)
    assert (outcome.kept[0].noun, RetentionRule.objects.get().months) == ("保存期限", 48)
    assert "走访记录和照片" in blueprint.kept_kinds()
