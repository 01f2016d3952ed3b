"""When a conversation was written into the log of contacts, and when a kiosk forgot it."""

from typing import Any

from django.db import migrations, models


def written_at_their_end(apps: Any, _schema: Any) -> None:
    rows = apps.get_model("assistant", "Conversation").objects
    rows.filter(contact__isnull=False).update(logged_at=models.F("last_at"))


class Migration(migrations.Migration):
    dependencies = [("assistant", "0004_model_rewording")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="left_screen_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="conversation",
            name="logged_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(written_at_their_end, migrations.RunPython.noop),
    ]
