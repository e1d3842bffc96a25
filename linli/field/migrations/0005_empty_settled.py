"""What was refused or left out is emptied in time too: an index for all that is settled."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0004_forgetting"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(
                    ("forgotten_at", None), ("state__in", ["taken", "refused", "discarded"])
                ),
                fields=["tenant_id", "settled_at"],
                name="submission_to_empty",
            ),
        ),
        migrations.RemoveIndex(
            model_name="submission",
            name="submission_to_forget",
        ),
    ]
