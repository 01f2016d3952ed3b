"""What is held of one person, over HTTP: for whoever guards the data, and for nobody else."""

from typing import Any

from django.utils import timezone
from ninja import Schema

from parvis.contacts.models import Person
from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.retries import ApiRouter
from parvis.privacy import actions

router = ApiRouter(tags=["data protection"])


class TableOut(Schema):
    table: str
    not_shown: int
    rows: list[dict[str, Any]]


class PersonDataOut(Schema):
    made_at: str
    tables: list[TableOut]


@router.get("persons/{person}/data", response=PersonDataOut, summary="What is held of a person")
def data(request: ApiRequest, person: str) -> Any:
    """The copy of article 15 as data, without documents and internal lines.

    409 until somebody has written down that the person asked, and how their identity was checked.
    Each call is journaled.
    """
    agent = need(request, "privacy.manage")
    found = fetch(Person.objects.visible_to(agent), person)
    return actions.export_data(found, agent=agent, now=timezone.now())
