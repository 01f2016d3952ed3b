from django.db import migrations

from parvis.common.appendonly import append_only


class Migration(migrations.Migration):
    dependencies = [("letters", "0001_initial")]

    operations = [append_only("letters_templateversion")]
