from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def name_the_teams(apps: Any, schema_editor: Any) -> None:
    """Thanks of before count for the team that each colleague is in today."""
    agents = apps.get_model("accounts", "Agent").objects.filter(pk=OuterRef("agent_id"))
    recipients = apps.get_model("feedback", "ThanksRecipient").objects.filter(service=None)
    recipients.update(service_id=Subquery(agents.values("service_id")[:1]))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0002_page_complaints_and_teams")]

    operations = [migrations.RunPython(name_the_teams, migrations.RunPython.noop, elidable=True)]
