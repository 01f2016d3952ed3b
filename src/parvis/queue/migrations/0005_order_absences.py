from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial"), ("queue", "0004_visits_and_halls")]

    operations = [
        migrations.AddField(
            model_name="desksession",
            name="status_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="hallrules",
            name="pause_minutes",
            field=models.PositiveSmallIntegerField(
                default=10,
                verbose_name="a colleague away longer than this: those kept for them return to the line",
            ),
        ),
    ]
