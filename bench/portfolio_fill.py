"""One service with very many cases, written by SQL: four in five closed, the others running.

Each person has four cases, but for one who has a thousand: somebody always has.
"""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.cases.factories import colleague, works
from tests.contacts.factories import PersonFactory

from parvis.cases.models import Case
from parvis.common import codes, keyset
from parvis.contacts.models import Person

MOST = 1000  # cases of one person


def fill(cases: int) -> str:
    """Write the house and its cases; gives back the user name of who looks at them."""
    topic = works()
    authority, service = topic.authority, topic.service
    agents = [colleague(f"agent.{n:02}", f"A{n:02}", f"N{n:02}") for n in range(20)]
    person = PersonFactory.create()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")  # one statement writes them all
    people = _people(cases // 4, authority.pk)
    ids = {"authority": authority.pk, "service": service.pk, "topic": topic.pk}
    _cases(cases, ids, [agent.pk for agent in agents], people)
    Case.objects.filter(pk__lte=MOST).update(person=person)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.close()  # what is measured has the limits of every connection
    return agents[0].username


def _people(total: int, authority: int) -> tuple[int, int]:
    """Gives back the first of them and how many they are."""
    if connection.vendor == "sqlite":
        series = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s)"
        name = "printf('%%06x', n * 7919 %% 1000003)"
    else:
        series = "WITH s AS (SELECT generate_series(1, %s) AS n)"
        name = "lpad(to_hex(n * 7919::bigint %% 1000003), 6, '0')"
    columns = "authority_id, first_name, last_name, email, phone, address, language, created_at"
    values = f"%s, 'P', {name}, 'p' || n || '@example.org', '', '', 'fr', %s"
    before = Person.objects.latest("pk").pk
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO contacts_person ({columns}) {series} SELECT {values} FROM s",
            [total, authority, timezone.now()],
        )
    return Person.objects.filter(pk__gt=before).earliest("pk").pk, total


def _cases(total: int, ids: dict[str, int], agents: list[int], people: tuple[int, int]) -> None:
    """One statement; whatever it says of a case follows from its number."""
    now = timezone.now()
    state = (
        "CASE WHEN n % 5 < 4 THEN CASE WHEN n % 50 = 0 THEN 'forwarded' ELSE 'closed' END"
        " WHEN n % 10 = 4 THEN 'open' ELSE 'awaiting' END"
    )
    if connection.vendor == "sqlite":
        series = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < %s)"
        moment = "strftime('%%Y-%%m-%%d %%H:%%M:%%S', %s, '-' || ((%s - n) * 600) || ' seconds')"
        day = "date(%s, (n %% 400 - 200) || ' days')"
        code = "printf('%%08X', n)"
    else:
        series = "WITH s AS (SELECT generate_series(1, %s) AS n)"
        moment = "%s::timestamptz - (%s - n) * interval '600 seconds'"
        day = "%s::date + (n %% 400 - 200)::int"
        code = "lpad(to_hex(n), 8, '0')"
    state = state.replace("%", "%%")
    start = now.strftime("%Y-%m-%d %H:%M:%S")
    columns: list[tuple[str, str, list[Any]]] = [
        ("authority_id", "%s", [ids["authority"]]),
        ("service_id", "%s", [ids["service"]]),
        ("topic_id", "%s", [ids["topic"]]),
        ("person_id", "%s + n %% %s", [*people]),
        ("referent_id", "%s + n %% 19 + 1", [agents[0]]),
        ("deputy_id", "%s", [agents[0]]),
        ("reference", code, []),
        ("secret_hash", code, []),
        ("channel", "'web'", []),
        ("title", "'Remplacer six fenêtres'", []),
        ("description", "'Je voudrais changer six fenêtres.'", []),
        ("state", state, []),
        ("opened_at", moment, [start, total]),
        ("last_activity_at", moment, [start, total]),
        ("closed_at", f"CASE WHEN n %% 5 < 4 THEN {moment} END", [start, total]),
        ("received_on", day, [start]),
        ("due_on", day, [start]),
        ("reopened_count", "0", []),
        ("deputy_is_chosen", "false", []),
        ("unread_by_service", "n %% 90 = 4", []),
        ("unread_by_person", "false", []),
    ]
    names = ", ".join(name for name, _sql, _values in columns)
    words = ", ".join(sql for _name, sql, _values in columns)
    values = [value for _name, _sql, found in columns for value in found]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cases_case ({names}) {series} SELECT {words} FROM s",
            # SQLite reads the parameters in the order of the text.
            [total, *values],
        )


def deep_mark(view: str) -> str:
    """The mark of a page in the middle of a shelf."""
    rows = Case.objects.filter(state="closed" if view == "closed" else "open")
    if view == "due":
        middle = rows.filter(due_on__lte=timezone.localdate() - timedelta(days=80))
        case = middle.order_by("-due_on", "pk").first()
        day = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
        assert case is not None
        assert case.due_on is not None
        return keyset.mark(day.replace(*case.due_on.timetuple()[:3]), case.pk)
    middle_pk = Case.objects.order_by("-pk").values_list("pk", flat=True)[0] // 2
    case = rows.filter(pk__gte=middle_pk).order_by("pk").first()
    assert case is not None
    return keyset.mark(case.last_activity_at, case.pk)


def case_pages() -> tuple[str, str]:
    """The page of a case in the middle and of the first one, walked on their shelf."""
    rows = Case.objects.filter(state="open").order_by("pk")
    middle = rows.filter(pk__gte=rows[0].pk + Case.objects.count() // 2)[0]
    return _page(rows[0]), _page(middle)


def _page(case: Case) -> str:
    Case.objects.filter(pk=case.pk).update(reference=codes.new_reference())
    case.refresh_from_db()
    return f"/agent/dossiers/{case.reference}/?whose=service&view=open"
