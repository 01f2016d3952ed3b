from typing import Any

from django.db import migrations, models

from parvis.common.appendonly import door, with_door


def give_doors(apps: Any, schema_editor: Any) -> None:
    """The triggers of tables that exist already let erasing pass, as new ones do."""
    schema_editor.execute(door(schema_editor.connection.vendor), None)
    if schema_editor.connection.vendor != "sqlite":
        return
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
            " AND sql LIKE %s AND sql NOT LIKE %s",
            ["%is append-only%", "%common_erasing%"],
        )
        old = cursor.fetchall()
    for name, trigger in old:
        schema_editor.execute(f"DROP TRIGGER {name}", None)
        schema_editor.execute(with_door(trigger), None)


class Migration(migrations.Migration):
    dependencies = [("common", "0003_turn_outgoing_texts")]

    operations = [
        migrations.CreateModel(
            name="Tombstone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=64)),
                ("mark", models.CharField(max_length=64, unique=True)),
                ("at", models.DateTimeField()),
                ("obliged", models.BooleanField(default=True)),
            ],
            options={"verbose_name": "tombstone", "verbose_name_plural": "tombstones"},
        ),
        migrations.RunPython(give_doors, migrations.RunPython.noop),
    ]
