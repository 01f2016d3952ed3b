from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from parvis.common.errors import Refused
from parvis.knowledge import actions, queries
from parvis.knowledge.models import ReviewDigest, Sheet, SheetReview
from parvis.knowledge.views import keeping
from tests.accounts.factories import ines, rozenn
from tests.knowledge.factories import NOON, editor, local_sheet, national_sheet, referent, written
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db
LATE = date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def address(name: str, *arguments: object) -> str:
    return reverse(f"knowledge:{name}", args=arguments)


def archived(sheet: Sheet, target: Sheet | None = None, **given) -> Sheet:
    return actions.archive(sheet, agent=editor(), now=NOON, moved_to=target, **given)


def test_one_key_says_that_a_sheet_is_still_right_and_sets_the_next_date(client):
    sheet = local_sheet(review_due_on=LATE)
    client.force_login(referent())
    page = client.get(address("agent-sheet", sheet.ref)).content.decode()
    assert 'data-parvis-key="i"' in page

    client.post(address("unchanged", sheet.ref))

    sheet.refresh_from_db()
    assert (sheet.reviewed_on, sheet.review_due_on) == (date(2026, 11, 24), date(2027, 5, 23))
    assert SheetReview.objects.get().result == "unchanged"
    assert sheet.versions.count() == 1


def test_a_key_pressed_too_fast_is_taken_back(client):
    sheet = local_sheet(review_due_on=LATE)
    client.force_login(referent())
    client.post(address("unchanged", sheet.ref))

    client.post(address("undo-review", SheetReview.objects.get().pk))

    sheet.refresh_from_db()
    assert sheet.review_due_on == LATE
    assert not queries.reviews_of(sheet).exists()


def test_a_check_is_not_taken_back_by_somebody_else_or_a_day_later():
    sheet = local_sheet()
    review = actions.confirm_unchanged(sheet, agent=referent(), now=NOON)

    with pytest.raises(Refused):
        actions.undo_review(review, agent=editor(), now=NOON)
    with pytest.raises(Refused):
        actions.undo_review(review, agent=referent(), now=NOON + timedelta(days=1))


def test_reception_does_not_answer_for_a_sheet_of_a_service(client):
    sheet = local_sheet(review_due_on=LATE)
    client.force_login(ines(service=editor().service))

    page = client.get(address("agent-sheet", sheet.ref)).content.decode()
    client.post(address("unchanged", sheet.ref))

    assert "Inchangée" not in page
    assert Sheet.objects.get().review_due_on == LATE


def test_the_lists_are_mine_my_services_and_all(client):
    mine = local_sheet(ref="SO-1", title="La mienne", review_due_on=LATE)
    local_sheet(ref="SO-2", title="Du service", review_due_on=LATE)
    local_sheet(ref="SO-3", title="Ailleurs", review_due_on=LATE, service=None)
    local_sheet(ref="SO-4", title="Plus tard", review_due_on=date(2027, 5, 1))
    Sheet.objects.filter(pk=mine.pk).update(keeper=referent())
    client.force_login(referent())

    shown = {
        scope: client.get(address("reviews") + f"?liste={scope}").content.decode()
        for scope in ("mine", "service", "all")
    }

    titles = ("La mienne", "Du service", "Ailleurs", "Plus tard")
    assert {s: [t for t in titles if t in html] for s, html in shown.items()} == {
        "mine": ["La mienne"],
        "service": ["La mienne", "Du service"],
        "all": ["La mienne", "Du service", "Ailleurs"],
    }


def test_lists_cost_the_same_for_one_sheet_and_for_thirty(client):
    client.force_login(referent())
    costs = []
    for count, first in ((1, 0), (29, 100)):
        for n in range(count):
            local_sheet(ref=f"SO-{first + n}", review_due_on=LATE)
        for name in ("reviews", "todo"):
            client.get(address(name) + "?liste=service")
            with CaptureQueriesContext(connection) as counted:
                client.get(address(name) + "?liste=service")
            costs.append(len(counted))

    assert costs[:2] == costs[2:]


def test_nothing_to_do_is_said_kindly(client):
    client.force_login(referent())

    assert "Rien ne vous attend" in client.get(address("todo")).content.decode()


def test_every_section_of_to_do_is_a_function_of_agent_and_day():
    local_sheet(review_due_on=LATE)

    sections = [section(referent(), NOON.date()) for section in keeping.SECTIONS]

    assert {s.key: len(s.lines) for s in sections if s.lines} == {"due": 1}


def test_a_quoted_address_leads_to_the_sheet_that_answers_now(client):
    old, newer = local_sheet(ref="SO-1"), local_sheet(ref="SO-2")
    newest = local_sheet(ref="SO-3")
    archived(old, newer)
    archived(newer, newest)

    response = client.get(reverse("knowledge:sheet", args=["SO-1"]))

    assert (response.status_code, response.url) == (301, "/fiches/SO-3/")


def test_a_redirection_may_lead_to_a_national_sheet(client):
    old = local_sheet(ref="SO-1")
    archived(old, national_sheet("F1"))

    assert client.get(reverse("knowledge:sheet", args=["SO-1"])).url == "/fiches/F1/"


def test_an_archived_sheet_says_since_when_it_is_no_longer_kept(client):
    archived(local_sheet(), note="Le service a fermé.")

    response = client.get(reverse("knowledge:sheet", args=["SO-012"]))

    html = response.content.decode()
    assert response.status_code == 200
    assert "n’est plus tenue à jour depuis le mardi 24 novembre 2026" in html
    assert "Le service a fermé." in html
    assert response.headers["X-Robots-Tag"] == "noindex"


def test_an_archived_inside_sheet_stays_inside(client):
    sheet = local_sheet(is_public=False)
    archived(sheet)

    assert client.get(reverse("knowledge:sheet", args=["SO-012"])).status_code == 404


def test_readers_are_never_led_round_in_a_circle(client):
    one, other = local_sheet(ref="SO-1"), local_sheet(ref="SO-2")
    archived(one, other)
    client.force_login(editor())

    response = client.post(address("archive", "SO-2"), {"moved_to": "SO-1", "note": ""})

    assert "tourneraient en rond" in response.content.decode()
    assert Sheet.objects.get(ref="SO-2").state == "published"


def test_nobody_is_sent_to_a_sheet_of_another_house():
    foreign = local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1")

    with pytest.raises(Refused):
        archived(local_sheet(), foreign)


def test_an_archived_sheet_leaves_the_lists_and_comes_back(client):
    sheet = local_sheet()
    client.force_login(editor())
    client.post(address("archive", sheet.ref), {"moved_to": "", "note": ""})
    assert not queries.own_sheets(editor()).exists()

    client.post(address("bring-back", sheet.ref))

    assert list(queries.own_sheets(editor())) == [sheet]


def changed(sheet: Sheet, text: str = "89 € par an.") -> Sheet:
    owner = referent()
    draft = actions.open_draft(sheet, agent=owner, now=NOON)
    words = written(draft, text=text)
    saved = actions.save_draft(
        draft, words, agent=owner, now=NOON, revision=draft.revision, reason="Tarif voté"
    )
    actions.publish_draft(saved.draft, agent=owner, now=NOON, revision=saved.draft.revision)
    return Sheet.objects.get(pk=sheet.pk)


def test_versions_show_who_why_and_what_came_and_went(client):
    changed(local_sheet())
    client.force_login(ines())

    listed = client.get(address("versions", "SO-012")).content.decode()
    compared = client.get(address("version", "SO-012", 2)).content.decode()

    for words in ("Version 2", "Yann Tanguy", "Tarif voté", "lue aujourd’hui"):
        assert words in listed
    assert "<del>" in compared
    assert "89 € par an" in compared
    assert "retiré" in compared
    assert client.get(address("version", "SO-012", 9)).status_code == 404


def test_an_older_version_is_read_again_from_its_page(client):
    sheet = changed(local_sheet())
    client.force_login(referent())

    client.post(address("restore", sheet.ref, 1))

    sheet.refresh_from_db()
    assert sheet.current.number == 3
    assert "Gratuit" in sheet.current.text


def test_the_weekly_mail_names_what_is_late_near_and_soon_once():
    keeper = referent()
    for n, days in enumerate((-5, 3, 20, 90)):
        sheet = local_sheet(ref=f"SO-{n}", review_due_on=NOON.date() + timedelta(days=days))
        Sheet.objects.filter(pk=sheet.pk).update(keeper=keeper)

    assert actions.send_digests(now=NOON) == 1
    assert actions.send_digests(now=NOON + timedelta(days=2)) == 0
    assert actions.send_digests(now=NOON + timedelta(days=7)) == 1

    assert ReviewDigest.objects.count() == 2
    to, subject, text = DBTaskResult.objects.order_by("enqueued_at")[0].args_kwargs["args"][:3]
    assert to == keeper.email
    assert subject == "Vos fiches\u00a0: 1 en retard, 1 à revoir dans la semaine"
    assert [line for line in text.splitlines() if line.startswith("- ")] == [
        "- SO-0 Copie d’acte de naissance (jeudi 19 novembre 2026)",
        "- SO-1 Copie d’acte de naissance (vendredi 27 novembre 2026)",
        "- SO-2 Copie d’acte de naissance (lundi 14 décembre 2026)",
    ]


def test_without_a_keeper_the_liaison_of_the_service_is_written_to_then_the_editor():
    local_sheet(review_due_on=LATE)
    chief = editor()
    assert actions.send_digests(now=NOON) == 1
    liaison = referent("ana.lucas", roles=["LIA"])

    actions.send_digests(now=NOON + timedelta(days=7))

    told = list(ReviewDigest.objects.order_by("week").values_list("agent_id", flat=True))
    assert told == [chief.pk, liaison.pk]


def test_nobody_of_another_house_is_told_of_a_sheet():
    local_sheet(review_due_on=LATE)
    rozenn(roles=["KBE", "LIA"], email="rozenn@tremalon.example")

    assert actions.send_digests(now=NOON) == 0
