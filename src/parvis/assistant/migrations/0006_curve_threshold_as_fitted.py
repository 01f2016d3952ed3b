from typing import Any

import django.db.models.deletion
from django.db import migrations, models

OLD_DEFAULT = 0.5


def as_fitted(apps: Any, schema_editor: Any) -> None:
    """What nobody chose is what was fitted."""
    setups = apps.get_model("assistant", "Setup").objects.using(schema_editor.connection.alias)
    setups.filter(threshold=OLD_DEFAULT).update(threshold=None)


def as_before(apps: Any, schema_editor: Any) -> None:
    setups = apps.get_model("assistant", "Setup").objects.using(schema_editor.connection.alias)
    setups.filter(threshold=None).update(threshold=OLD_DEFAULT)


class Migration(migrations.Migration):
    dependencies = [
        ("assistant", "0005_reach_one_contact"),
        ("organisations", "0005_ask_contact_points"),
    ]

    operations = [
        migrations.AlterField(
            model_name="setup",
            name="threshold",
            field=models.FloatField(
                blank=True, null=True, verbose_name="how sure it must be to answer"
            ),
        ),
        migrations.RunPython(as_fitted, as_before),
        migrations.CreateModel(
            name="Measured",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("examples", models.JSONField(default=list)),
                ("authority", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="measured_questions", to="organisations.authority")),
            ],
            options={
                "verbose_name": "measured questions of the assistant",
                "verbose_name_plural": "measured questions of the assistant",
            },
        ),
    ]
