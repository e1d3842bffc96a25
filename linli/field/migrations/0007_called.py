"""What a submission was called on the phone tells of people: it is encrypted; the plain one is emptied."""

from typing import Any

import linli.kernel.secrets
from django.db import migrations, models


def encrypt_titles(apps: Any, schema_editor: Any) -> None:
    """Bring each plain title into its encrypted column. Written out: no tenant is set here."""
    with schema_editor.connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT id, title FROM field_submission WHERE title <> '' LIMIT 500")
            rows = cursor.fetchall()
            if not rows:
                return
            cursor.executemany(
                "UPDATE field_submission SET called = %s, title = '' WHERE id = %s",
                [(linli.kernel.secrets.encrypt(title), pk) for pk, title in rows],
            )


class Migration(migrations.Migration):
    dependencies = [
        ("field", "0006_sign_in_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="called",
            field=linli.kernel.secrets.EncryptedTextField(blank=True, default=""),
        ),
        migrations.AddField(
            model_name="submission",
            name="reminded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddIndex(
            model_name="submission",
            index=models.Index(
                condition=models.Q(("state__in", ["quarantined", "conflict"])),
                fields=["tenant_id", "settled_at"],
                name="submission_undecided",
            ),
        ),
        migrations.RunPython(encrypt_titles, migrations.RunPython.noop),
    ]
