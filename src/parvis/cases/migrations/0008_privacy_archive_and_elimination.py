from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_silo_reads_merges_and_mandates")]

    operations = [
        migrations.AddField("case", "archived_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("case", "eliminated_at", models.DateTimeField(blank=True, null=True)),
    ]
