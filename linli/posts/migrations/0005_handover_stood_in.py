from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('posts', '0004_calendar_feeds'),
    ]

    operations = [
        migrations.AddField(
            model_name='handover',
            name='stood_in',
            field=models.JSONField(default=list),
        ),
    ]
