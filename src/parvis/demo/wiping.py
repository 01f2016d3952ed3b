"""Emptying the database of a demo, and of nothing else."""

from pathlib import Path

from django.db import connection

from parvis.demo.content.loader import Content
from parvis.organisations.models import Authority


def holds(content: Content) -> str:
    """What the database holds: "nothing", "demo" or "others" (which is never touched)."""
    found = set(Authority.objects.values_list("slug", flat=True))
    if not found:
        return "nothing"
    ours = {words.slug for words in content.authorities.authorities}
    neighbours = {body.slug for body in content.between.bodies}
    return "demo" if ours <= found <= ours | neighbours else "others"


def wipe() -> None:
    """Take the whole database away; migrations make it anew."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
        connection.close()
        return
    connection.close()
    name = Path(str(connection.settings_dict["NAME"]))
    for suffix in ("", "-wal", "-shm", "-journal"):
        name.with_name(name.name + suffix).unlink(missing_ok=True)
