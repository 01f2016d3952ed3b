from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_programs(apps, schema_editor):
    """Every agent of a token is called as the token is; harmless when run again."""
    tokens = apps.get_model("accounts", "ApiToken").objects.filter(agent=OuterRef("pk"))
    robots = apps.get_model("accounts", "Agent").objects.filter(is_robot=True, program="")
    robots.filter(token__isnull=False).update(program=Subquery(tokens.values("name")[:1]))


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_name_of_a_program")]

    operations = [migrations.RunPython(name_programs, migrations.RunPython.noop)]
