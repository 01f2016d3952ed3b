"""Sheets between authorities: who reads what, and what is never lost."""

import contextlib

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.common.errors import Refused
from parvis.common.models import JournalEntry
from parvis.knowledge import actions, queries, search
from parvis.knowledge.models import Adoption, OverlayEdit, Sheet, SheetDraft
from parvis.knowledge.queries import divergence
from parvis.knowledge.rules import sharing
from tests.accounts.factories import AgentFactory
from tests.knowledge.factories import NOON, block, local_sheet
from tests.knowledge.federation import (
    Federation,
    adopted,
    editor_of,
    federation,
    join,
    laid,
    now,
    rewritten,
    shared,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def refs(question: str, agent, *, public_only: bool = False) -> list[str]:
    found = search.find(question, authority_id=agent.authority_id, public_only=public_only)
    return [hit.ref for hit in found.results]


def public(client, agent, ref: str = "SO-012"):
    return client.get(reverse("knowledge:sheet-of", args=[agent.authority.slug, ref]))


def desk(client, agent, ref: str = "SO-012"):
    client.force_login(agent)
    return client.get(reverse("knowledge:agent-sheet", args=[ref]))


# Who reads


def test_what_is_only_offered_is_read_by_nobody_else(client):
    made = federation()
    shared(made)

    for agent in (made.neighbour, made.stranger):
        assert desk(client, agent).status_code == 404
        assert public(client, agent).status_code == 404
        assert refs("acte de naissance", agent) == []


def test_an_adopted_sheet_is_found_and_read_by_the_agents_and_the_public_of_the_house(client):
    made = federation()
    adopted(made)

    assert refs("acte de naissance", made.neighbour) == ["SO-012"]
    assert refs("acte de naissance", made.neighbour, public_only=True) == ["SO-012"]
    html = public(client, made.neighbour).content.decode()
    assert "Un justificatif" in html
    assert "Sainte-Orvanne" in html
    assert desk(client, made.neighbour).status_code == 200
    assert desk(client, made.stranger).status_code == 404
    assert refs("acte de naissance", made.stranger) == []


def test_notes_of_a_house_stay_in_it_and_what_is_said_if_asked_is_shared(client):
    made = federation()
    share = adopted(made)

    html = desk(client, made.neighbour).content.decode()
    offer = client.get(reverse("knowledge:offer", args=[share.pk])).content.decode()

    for page in (html, offer):
        assert "filigrane" in page
        assert "Imprimante" not in page
    assert refs("imprimante sécurisée", made.neighbour) == []
    assert refs("imprimante sécurisée", made.owner) == ["SO-012"]
    assert "filigrane" not in public(client, made.neighbour).content.decode()


def test_older_versions_and_files_of_another_house_show_no_notes(client):
    made = federation()
    adopted(made)
    rewritten(made, "Deux euros.")
    client.force_login(made.neighbour)

    for number in (1, 2):
        address = reverse("knowledge:version", args=["SO-012", number])
        assert "Imprimante" not in client.get(address).content.decode()
    edit = client.post(reverse("knowledge:begin", args=["SO-012"]))
    assert edit.status_code == 404


def test_what_was_left_aside_is_not_in_the_search(client):
    made = federation()
    share = adopted(made)
    client.force_login(made.neighbour)

    client.post(
        reverse("knowledge:decide-offer", args=[share.pk]),
        {"do": "ignore", "seen": made.sheet.current_id, "reason": "Pas d’état civil ici."},
    )

    assert refs("acte de naissance", made.neighbour) == []
    assert desk(client, made.neighbour).status_code == 404
    assert Adoption.objects.get().reason == "Pas d’état civil ici."


def test_leaving_aside_wants_a_reason():
    made = federation()
    shared(made)

    with pytest.raises(Refused):
        actions.ignore(
            made.sheet, seen=now(made.sheet).current, agent=made.neighbour, now=NOON, reason=" "
        )


def test_a_sheet_that_its_owner_takes_inside_or_archives_is_gone_at_once(client):
    made = federation()
    adopted(made)
    assert refs("acte de naissance", made.neighbour) == ["SO-012"]

    Sheet.objects.filter(pk=made.sheet.pk).update(is_public=False)
    actions.collection_changed()
    assert refs("acte de naissance", made.neighbour) == []
    assert public(client, made.neighbour).status_code == 410

    Sheet.objects.filter(pk=made.sheet.pk).update(is_public=True)
    actions.archive(made.sheet, agent=made.owner, now=NOON, note="Voir ailleurs.")
    assert refs("acte de naissance", made.neighbour) == []
    assert public(client, made.neighbour).status_code == 200  # says that it is put away


def test_an_own_sheet_counts_before_one_of_another_house():
    made = federation()
    local_sheet(made.neighbour.authority, title="Le nôtre")
    shared(made)

    with pytest.raises(Refused):
        actions.adopt(made.sheet, seen=now(made.sheet).current, agent=made.neighbour, now=NOON)


def test_only_public_sheets_of_the_own_house_are_shared():
    made = federation()
    inside = local_sheet(made.owner.authority, ref="SO-013", is_public=False)
    foreign = local_sheet(made.stranger.authority, ref="CB-001")

    for sheet in (inside, foreign):
        with pytest.raises(Refused):
            actions.share_sheets([sheet], made.group, agent=made.owner, now=NOON)
    with pytest.raises(Refused):  # a house outside shares nothing into the group
        actions.share_sheets([foreign], made.group, agent=made.stranger, now=NOON)


def test_sharing_twice_shares_once():
    made = federation()
    shared(made)

    assert actions.share_sheets([made.sheet], made.group, agent=made.owner, now=NOON) == []


# New words


def test_a_new_version_is_read_at_once_and_waits_for_somebody_to_look(client):
    made = federation()
    adopted(made)
    rewritten(made, "Deux euros.")

    assert "Deux euros" in public(client, made.neighbour).content.decode()
    assert queries.behind(made.neighbour).count() == 1
    client.force_login(made.neighbour)
    todo = client.get(reverse("knowledge:todo")).content.decode()
    assert made.sheet.title in todo

    now(made.sheet)
    actions.adopt(made.sheet, seen=made.sheet.current, agent=made.neighbour, now=NOON)
    assert queries.behind(made.neighbour).count() == 0


def test_local_words_on_a_shared_sheet_are_checked_after_a_new_version(client):
    made = federation()
    adopted(made)
    laid(made, act="replace", kind="cost", text="Trois euros chez nous.")
    rewritten(made, "Deux euros.")

    html = public(client, made.neighbour).content.decode()

    assert queries.overlays_to_check(made.neighbour).count() == 1
    assert "Deux euros" in html
    assert "Trois euros chez nous" in html
    assert "Trois euros" not in public(client, made.owner).content.decode()


# Taking back


def test_who_adopted_keeps_the_last_words_with_its_own_at_the_same_address(client):
    made = federation()
    share = adopted(made)
    laid(made, "Au guichet bleu.")

    actions.take_back_share(share, agent=made.owner, now=NOON, fate=sharing.KEEP, note="Fini.")

    html = public(client, made.neighbour).content.decode()
    copy = Sheet.objects.get(authority=made.neighbour.authority)
    assert copy.ref == "SO-012"
    assert "Au guichet bleu" in html
    assert "Un justificatif" in html
    assert all("Imprimante" not in one["html"] for one in copy.current.blocks)
    assert refs("acte de naissance", made.neighbour) == ["SO-012"]
    assert queries.ended(made.neighbour).get().end_note == "Fini."


def test_who_has_it_no_more_says_so_at_the_quoted_address(client):
    made = federation()
    share = adopted(made)

    actions.take_back_share(share, agent=made.owner, now=NOON, fate=sharing.LEAVE)

    response = public(client, made.neighbour)
    assert response.status_code == 410
    assert "Sainte-Orvanne" in response.content.decode()
    assert "Un justificatif" not in response.content.decode()
    assert refs("acte de naissance", made.neighbour) == []
    assert public(client, made.stranger).status_code == 404


def test_a_sheet_shared_in_two_groups_stays_until_the_last_is_taken_back():
    made = federation()
    first = adopted(made)
    other = actions.found_group(made.owner, name="Autre", purpose="", now=NOON)
    join(other, made.neighbour, by=made.owner)
    actions.share_sheets([made.sheet], other, agent=made.owner, now=NOON)

    actions.take_back_share(first, agent=made.owner, now=NOON, fate=sharing.LEAVE)

    assert refs("acte de naissance", made.neighbour) == ["SO-012"]


def test_a_house_that_leaves_keeps_copies_and_others_keep_copies_of_its_sheets(client):
    made = federation()
    adopted(made)
    theirs = local_sheet(made.neighbour.authority, ref="TR-001", title="Marché de Trémalon")
    actions.share_sheets([theirs], made.group, agent=made.neighbour, now=NOON)
    actions.adopt(theirs, seen=now(theirs).current, agent=made.owner, now=NOON)

    actions.leave_group(made.group, agent=made.neighbour, now=NOON, fate=sharing.KEEP)

    assert public(client, made.neighbour).status_code == 200
    assert Sheet.objects.filter(authority=made.owner.authority, ref="TR-001").exists()
    assert Sheet.objects.filter(authority=made.neighbour.authority, ref="SO-012").exists()
    assert queries.groups_of(made.neighbour).count() == 0


def test_the_coordinating_house_stays_as_long_as_others_are_there():
    made = federation()

    with pytest.raises(Refused):
        actions.leave_group(made.group, agent=made.owner, now=NOON, fate=sharing.KEEP)


def test_an_invitation_gives_nothing_before_it_is_accepted(client):
    made = federation()
    actions.invite(made.group, made.stranger.authority, agent=made.owner, now=NOON)
    share = shared(made)

    client.force_login(made.stranger)
    assert client.get(reverse("knowledge:offer", args=[share.pk])).status_code == 404
    assert client.get(reverse("knowledge:group", args=[made.group.pk])).status_code == 404
    assert queries.to_decide(made.stranger).count() == 0


# Workgroups


def seated(made: Federation):
    group = actions.found_workgroup(made.group, agent=made.owner, name="État civil")
    actions.seat(group, made.neighbour, agent=made.neighbour, now=NOON)
    return group


def test_a_workgroup_proposes_and_the_owner_publishes_in_its_name(client):
    made = federation()
    workgroup = seated(made)
    share = actions.share_sheets(
        [made.sheet], made.group, agent=made.owner, now=NOON, workgroup=workgroup
    )[0]
    client.force_login(made.neighbour)
    address = reverse("knowledge:write-together", args=[share.pk])
    html = client.get(address).content.decode()
    assert "Imprimante" not in html

    response = client.post(
        address,
        {
            "seen": now(made.sheet).current_id, "short_answer": "C’est gratuit pour tous.",
            "part-1": "Gratuit pour tous.", "reason": "Plus clair.",
        },
    )  # fmt: skip

    assert response.status_code == 302
    draft = SheetDraft.objects.get()
    assert draft.state == "proposed"
    version = actions.publish_draft(draft, agent=made.owner, now=NOON, revision=draft.revision)
    assert version.author_group == "État civil"
    assert version.reviewer == made.owner.display_name
    words = str(version.blocks)
    assert "Gratuit pour tous" in words
    assert "Imprimante" in words  # the notes of the house are untouched
    assert client.get(reverse("knowledge:draft", args=[draft.pk])).status_code == 404


def test_only_members_write_together_and_each_house_sends_its_own(client):
    made = federation()
    workgroup = seated(made)
    share = actions.share_sheets(
        [made.sheet], made.group, agent=made.owner, now=NOON, workgroup=workgroup
    )[0]

    with pytest.raises(Refused):
        actions.seat(workgroup, made.neighbour, agent=made.owner, now=NOON)
    with pytest.raises(Refused):
        actions.seat(workgroup, made.stranger, agent=made.stranger, now=NOON)
    client.force_login(made.stranger)
    for name, pk in (("write-together", share.pk), ("workgroup", workgroup.pk)):
        assert client.get(reverse(f"knowledge:{name}", args=[pk])).status_code == 404


def in_a_workgroup(made: Federation):
    return actions.share_sheets(
        [made.sheet], made.group, agent=made.owner, now=NOON, workgroup=seated(made)
    )[0]


def test_a_member_of_another_house_speaks_and_the_owner_is_told_once(client):
    made = federation()
    share = in_a_workgroup(made)
    address = reverse("knowledge:discuss", args=[share.pk])
    client.force_login(made.neighbour)

    assert client.post(address, {"text": "Chez nous : 5 euros <b>canari</b>."}).status_code == 302
    client.post(address, {"text": "Et le samedi ?"})

    html = client.get(address).content.decode()
    assert "&lt;b&gt;canari" in html
    (mail,) = [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]
    assert mail[0] == made.owner.email
    assert "Chez nous : 5 euros" in mail[2]
    client.force_login(made.owner)
    assert address in client.get(reverse("knowledge:todo")).content.decode()
    client.post(address, {"text": "Merci, c’est corrigé."})
    assert queries.comments_to_read(made.owner) == []
    assert address not in client.get(reverse("knowledge:todo")).content.decode()


def test_what_is_said_about_a_shared_sheet_never_reaches_others(client):
    made = federation()
    share = in_a_workgroup(made)
    actions.adopt(now(made.sheet), seen=made.sheet.current, agent=made.neighbour, now=NOON)
    actions.comment(share, agent=made.neighbour, now=NOON, text="Canari de l’atelier.")
    outsider = AgentFactory.create(
        username="gael", authority=made.neighbour.authority, entry=None, roles=["KBE"]
    )
    address = reverse("knowledge:discuss", args=[share.pk])

    for agent in (made.stranger, outsider):
        client.force_login(agent)
        assert client.get(address).status_code == 404
        assert client.post(address, {"text": "Moi aussi."}).status_code == 404
        with pytest.raises(Refused):
            actions.comment(share, agent=agent, now=NOON, text="Moi aussi.")
    client.force_login(outsider)
    workgroup = client.get(reverse("knowledge:workgroup", args=[share.workgroup_id]))
    assert address not in workgroup.content.decode()
    client.logout()
    assert client.get(address).status_code == 302
    for agent in (made.owner, made.neighbour):
        assert "Canari" not in public(client, agent).content.decode()
        assert not refs("canari de l’atelier", agent)


def test_who_is_no_longer_in_the_workgroup_speaks_no_more():
    made = federation()
    share = in_a_workgroup(made)
    actions.unseat(queries.seats_of(share.workgroup).get(), agent=made.neighbour)

    with pytest.raises(Refused):
        actions.comment(share, agent=made.neighbour, now=NOON, text="Encore moi.")
    assert queries.thread_for(made.neighbour, share.pk) is None
    actions.take_back_share(share, agent=made.owner, now=NOON, fate="leave")
    with pytest.raises(Refused):
        actions.comment(share, agent=made.owner, now=NOON, text="Fini.")


# Divergence


def test_the_coordinator_sees_who_differs_and_never_what_a_house_keeps_inside(client):
    made = federation()
    share = adopted(made)
    laid(made, "Au guichet bleu.")
    laid(made, "Canari interne.", level="internal")
    laid(made, "Canari si demandé.", level="asked")
    rewritten(made, "Deux euros.")
    third = editor_of("plateaux", "Plateaux", "alice.daly")
    join(made.group, third, by=made.owner)
    actions.ignore(
        made.sheet, seen=now(made.sheet).current, agent=third, now=NOON, reason="Sans objet."
    )
    client.force_login(made.owner)

    table = client.get(reverse("knowledge:divergence", args=[made.group.pk])).content.decode()
    one = client.get(reverse("knowledge:divergence-of", args=[share.pk])).content.decode()

    assert "Sans objet." in table
    assert "Au guichet bleu" in one
    assert "Canari" not in one + table
    client.force_login(made.neighbour)
    address = reverse("knowledge:divergence", args=[made.group.pk])
    assert client.get(address).status_code == 404
    sums = {one.authority.slug: one for one in divergence.sums(divergence.lines(made.group))}
    assert (sums["tremalon"].adopted, sums["tremalon"].behind) == (1, 1)
    assert (sums["tremalon"].adapted, sums["plateaux"].ignored) == (1, 1)


def test_divergence_costs_the_same_however_many_sheets(django_assert_num_queries):
    made = federation()
    adopted(made)
    for number in range(20, 25):
        sheet = local_sheet(made.owner.authority, ref=f"SO-{number}")
        actions.share_sheets([sheet], made.group, agent=made.owner, now=NOON)

    with django_assert_num_queries(4):
        divergence.lines(made.group)


# Neighbours


def test_a_neighbours_public_sheet_is_an_answer_of_that_house(client):
    made = federation()
    client.force_login(made.neighbour)
    address = reverse("knowledge:neighbours")

    html = client.get(address, {"q": "copie acte de naissance"}).content.decode()

    assert "Sainte-Orvanne" in html
    assert "C’est gratuit" in html
    assert "Imprimante" not in html
    there = reverse("knowledge:neighbour-sheet", args=[made.owner.authority.slug, "SO-012"])
    whole = client.get(there)
    assert "Un justificatif" in whole.content.decode()
    assert "filigrane" not in whole.content.decode()
    assert refs("acte de naissance", made.neighbour) == []  # never among one's own

    client.force_login(made.stranger)
    assert "Copie d’acte" not in client.get(address, {"q": "acte de naissance"}).content.decode()
    assert client.get(there).status_code == 404


def test_a_neighbours_internal_sheet_is_no_answer(client):
    made = federation(is_public=False)
    client.force_login(made.neighbour)

    html = client.get(reverse("knowledge:neighbours"), {"q": "acte de naissance"})

    assert "Copie d’acte" not in html.content.decode()


# Notices


def test_editors_are_told_once_a_week_and_only_when_something_waits(mailoutbox):
    made = federation()
    assert actions.tell_editors(now=NOON) == 0
    shared(made)

    assert actions.tell_editors(now=NOON) == 1
    assert actions.tell_editors(now=NOON) == 0


def test_what_is_done_between_houses_is_in_the_journal():
    made = federation()
    share = adopted(made)
    actions.take_back_share(share, agent=made.owner, now=NOON, fate=sharing.LEAVE)

    verbs = set(JournalEntry.objects.values_list("verb", flat=True))
    assert {
        "knowledge.group_founded", "knowledge.member_invited", "knowledge.invitation_accepted",
        "knowledge.sheet_shared", "knowledge.sheet_adopted", "knowledge.share_taken_back",
        "knowledge.adoption_ended",
    } <= verbs  # fmt: skip


def test_who_keeps_a_sheet_may_share_it_and_others_may_not():
    made = federation()
    keeper = AgentFactory.create(username="yann", roles=["REF"], entry=None)
    made.sheet.keeper = keeper
    made.sheet.save(update_fields=["keeper"])
    other = AgentFactory.create(username="paul", roles=["ADV"], entry=None)

    assert queries.may_share(keeper, made.sheet)
    assert not queries.may_share(other, made.sheet)


# Every order of events

MOVES = (
    "share", "adopt", "ignore", "rewrite", "lay", "confirm", "remove", "keep", "leave", "hide",
)  # fmt: skip


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=st.lists(st.sampled_from(MOVES), min_size=3, max_size=12))
def test_whatever_happens_nobody_outside_reads_and_nothing_laid_is_lost(moves, db):
    with transaction.atomic():
        made = federation()
        _play(made, moves)
        transaction.set_rollback(True)


def _play(made: Federation, moves: list[str]) -> None:
    count = 0
    for step, move in enumerate(moves):
        with contextlib.suppress(Refused):
            count += _move(made, move, step)
        _check(made, count)


def _move(made: Federation, move: str, step: int) -> int:
    now(made.sheet)
    seen = made.sheet.current
    share = queries.shares_of(made.sheet).first()
    overlay = queries.all_overlays(made.neighbour).first()
    if move == "share":
        actions.share_sheets([made.sheet], made.group, agent=made.owner, now=NOON)
    elif move == "adopt":
        actions.adopt(made.sheet, seen=seen, agent=made.neighbour, now=NOON)
    elif move == "ignore":
        actions.ignore(made.sheet, seen=seen, agent=made.neighbour, now=NOON, reason="Non.")
    elif move == "rewrite":
        rewritten(made, f"{step} euros.")
    elif move == "lay":
        laid(made, f"Mots {step}.")
        return 1
    elif move == "confirm" and overlay:
        actions.confirm_overlay(overlay, seen=seen, agent=made.neighbour, now=NOON)
    elif move == "remove" and overlay:
        actions.remove_overlay(overlay, agent=made.neighbour, now=NOON)
    elif move in {"keep", "leave"} and share:
        actions.take_back_share(share, agent=made.owner, now=NOON, fate=move)
    elif move == "hide":
        Sheet.objects.filter(pk=made.sheet.pk).update(is_public=not made.sheet.is_public)
    return 0


def _check(made: Federation, count: int) -> None:
    now(made.sheet)
    readable = Sheet.objects.readable_by
    assert not readable(made.stranger.authority_id).filter(pk=made.sheet.pk).exists()
    adoption = Adoption.objects.filter(authority=made.neighbour.authority).first()
    may_read = bool(
        adoption
        and adoption.state == "adopted"
        and made.sheet.is_public
        and queries.shares_of(made.sheet).exists()
    )
    reads = readable(made.neighbour.authority_id).filter(pk=made.sheet.pk).exists()
    assert reads == may_read
    in_index = queries.readers([made.sheet.pk]).get(made.sheet.pk, frozenset())
    assert in_index == ({made.neighbour.authority_id} if may_read else set())
    # Nothing that was laid is lost, and nothing is current over a text its author has not seen.
    assert OverlayEdit.objects.filter(did="laid").count() == count
    for one in queries.all_overlays(made.neighbour):
        edit = OverlayEdit.objects.filter(overlay=one).order_by("id").last()
        assert edit.version_id == one.version_id
        assert one.is_to_check == (one.version_id != made.sheet.current_id)


def test_a_reader_of_two_houses_blocks_is_never_given_anothers_words():
    made = federation(blocks=[block("<p>Interne canari.</p>", level="internal")])
    adopted(made)

    said = queries.said(now(made.sheet), made.neighbour.authority_id, today=NOON.date())

    assert said.blocks == []
