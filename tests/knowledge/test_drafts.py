from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parvis.common import journal
from parvis.common.errors import Refused
from parvis.knowledge import actions, queries
from parvis.knowledge.models import DraftCopy, Sheet, SheetDraft, SheetReview
from parvis.knowledge.rules import writing
from tests.accounts.factories import ines, marc, rozenn
from tests.knowledge.factories import NOON, editor, local_sheet, referent, written
from tests.organisations.factories import AuthorityFactory, ServiceFactory, TopicFactory

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


def save(draft, agent, *, revision=None, now=LATER, **changes):
    draft.refresh_from_db()
    return actions.save_draft(
        draft,
        written(draft, **changes),
        agent=agent,
        now=now,
        revision=draft.revision if revision is None else revision,
    )


def proposed(agent=None, **changes) -> SheetDraft:
    writer = agent or editor()
    draft = actions.open_draft(local_sheet(), agent=writer, now=NOON)
    save(draft, writer, **(changes or {"text": "**89 €**"}))
    return actions.propose(draft, agent=writer, now=LATER)


def test_a_new_sheet_begins_with_the_template_and_nobody_reads_it():
    author = ines()
    local_sheet()

    draft = actions.start_sheet(author, now=NOON, title="Prêt de tables", service=None)

    assert [block["kind"] for block in draft.blocks] == list(writing.TEMPLATE)
    assert draft.sheet.ref == "SO-013"
    assert draft.sheet.state == Sheet.State.DRAFT
    assert queries.public_sheet(draft.sheet.authority, "SO-013") is None
    assert queries.sheet_for(author, "SO-013") is None


def test_a_draft_begins_with_what_is_read_today_and_the_live_version_stays():
    sheet = local_sheet()

    draft = actions.open_draft(sheet, agent=editor(), now=NOON)
    save(draft, editor(), text="Dix euros.")

    sheet.refresh_from_db()
    assert sheet.current.number == 1
    assert "Gratuit" in sheet.current.text
    assert draft.based_on == sheet.current


def test_two_colleagues_who_begin_write_into_the_same_text():
    sheet = local_sheet()

    first = actions.open_draft(sheet, agent=editor(), now=NOON)
    second = actions.open_draft(sheet, agent=marc(), now=LATER)

    assert first == second


def test_publishing_an_untouched_draft_makes_no_new_version():
    draft = actions.open_draft(local_sheet(), agent=referent(), now=NOON)

    version = actions.publish_draft(draft, agent=referent(), now=LATER, revision=draft.revision)

    assert version.number == 1


def test_a_text_goes_from_writer_to_owning_service_to_everybody():
    draft = proposed()
    topic = TopicFactory.create()
    owner = referent()
    beside = {**draft.about, "topics": [topic.pk], "keywords": "extrait", "keeper": owner.pk}
    save(draft, owner, about=beside, now=LATER + timedelta(minutes=1))

    version = actions.publish_draft(
        draft, agent=owner, now=LATER, revision=SheetDraft.objects.get().revision
    )

    sheet = Sheet.objects.get()
    assert sheet.current == version
    assert (version.number, version.author, version.reviewer) == (2, "Lena Marzin", "Yann Tanguy")
    assert "89 €" in version.text
    assert list(sheet.topics.all()) == [topic]
    assert sheet.keeper == owner
    assert sheet.review_due_on == date(2027, 5, 23)
    assert SheetReview.objects.get().result == "changed"
    assert [entry.verb for entry in journal.of(sheet)][-1] == "knowledge.draft_published"


def test_who_wrote_it_does_not_wave_it_through_unless_alone():
    draft = proposed()
    referent()

    with pytest.raises(Refused):
        actions.publish_draft(draft, agent=editor(), now=LATER, revision=draft.revision)


def test_the_only_editor_of_a_small_house_publishes_alone():
    draft = proposed()

    version = actions.publish_draft(draft, agent=editor(), now=LATER, revision=draft.revision)

    assert version.number == 2


@pytest.mark.parametrize("role", ["REC", "ADV", "MGR", "QUA", "FED"])
def test_only_the_service_the_editor_and_a_director_let_a_text_through(role):
    draft = proposed()
    colleague = editor("paul.corre", roles=[role])

    with pytest.raises(Refused):
        actions.publish_draft(draft, agent=colleague, now=LATER, revision=draft.revision)


def test_a_referent_of_another_service_neither_writes_nor_decides():
    draft = proposed()
    other = editor("paul.corre", roles=["REF"])

    with pytest.raises(Refused):
        actions.publish_draft(draft, agent=other, now=LATER, revision=draft.revision)
    with pytest.raises(Refused):
        actions.return_draft(draft, agent=other, words="Non")


def test_nobody_of_another_house_touches_a_sheet():
    sheet = local_sheet()

    with pytest.raises(Refused):
        actions.open_draft(sheet, agent=rozenn(roles=["KBE"]), now=NOON)


def test_a_returned_text_says_why_and_can_be_proposed_again():
    draft = proposed()

    with pytest.raises(Refused):
        actions.return_draft(draft, agent=referent(), words="  ")
    actions.return_draft(draft, agent=referent(), words="Le tarif est de 86 €.")
    draft.refresh_from_db()
    assert (draft.state, draft.returned_words) == ("returned", "Le tarif est de 86 €.")

    save(draft, editor(), text="86 €")
    actions.propose(draft, agent=editor(), now=LATER)
    draft.refresh_from_db()
    assert (draft.state, draft.returned_words) == ("proposed", "")


def test_what_was_changed_after_it_was_read_is_not_published_unread():
    draft = proposed()
    seen = SheetDraft.objects.get().revision
    save(draft, referent(), text="Autre chose", now=LATER + timedelta(minutes=1))

    with pytest.raises(Refused):
        actions.publish_draft(draft, agent=referent(), now=LATER, revision=seen)


def test_the_second_of_two_editors_is_put_aside_and_not_over():
    first, second = editor(), marc()
    draft = actions.open_draft(local_sheet(), agent=first, now=NOON)
    started = draft.revision
    save(draft, first, text="Texte de Léna")

    saved = save(draft, second, revision=started, text="Texte de Marc")

    assert saved.aside is not None
    assert SheetDraft.objects.get().blocks[0]["text"] == "Texte de Léna"
    assert saved.aside.content["blocks"][0]["text"] == "Texte de Marc"
    again = save(draft, second, revision=started, text="Texte de Marc")
    assert again.aside == saved.aside


def test_of_two_texts_one_is_made_block_by_block():
    first, second = editor(), marc()
    draft = actions.open_draft(local_sheet(), agent=first, now=NOON)
    save(draft, first, text="Texte de Léna")
    aside = save(draft, second, revision=1, text="Texte de Marc", title="Titre de Marc").aside

    saved = actions.settle(
        aside, {"b1": "both", "title": "mine"}, agent=second, now=LATER, revision=2
    )

    texts = [block["text"] for block in saved.draft.blocks]
    assert texts[:2] == ["Texte de Léna", "Texte de Marc"]
    assert saved.draft.title == "Titre de Marc"
    assert not queries.asides(draft, second).exists()


def test_the_same_form_sent_twice_is_saved_once():
    draft = actions.open_draft(local_sheet(), agent=editor(), now=NOON)

    for _time in range(2):
        saved = save(draft, editor(), revision=1, text="Une fois")
        assert saved.aside is None

    assert SheetDraft.objects.get().revision == 2


def test_a_proposed_text_is_no_longer_changed_by_its_writer_but_kept_aside():
    draft = proposed(marc())

    saved = save(draft, marc(), text="Encore")

    assert saved.aside is not None
    assert actions.take_back(draft, agent=marc()).state == "writing"


def test_an_earlier_state_comes_back_and_the_present_one_is_kept():
    draft = actions.open_draft(local_sheet(), agent=editor(), now=NOON)
    save(draft, editor(), blocks=[])
    before = queries.copy_at(draft, 1)

    actions.take_copy(before, agent=editor(), now=LATER, revision=2)

    draft.refresh_from_db()
    assert len(draft.blocks) == 4
    assert DraftCopy.objects.filter(draft=draft).count() == 3


def test_an_urgent_correction_is_live_at_once_and_waits_for_other_eyes():
    sheet = local_sheet()
    draft = actions.open_draft(sheet, agent=marc(), now=NOON, is_urgent=True)
    save(draft, marc(), text="Guichet fermé ce jour.")
    draft.refresh_from_db()

    version = actions.publish_urgent(
        draft, agent=marc(), now=LATER, revision=draft.revision, reason="Fermeture"
    )

    sheet.refresh_from_db()
    assert version.is_urgent
    assert sheet.current == version
    assert sheet.urgent_check_by == date(2026, 12, 1)
    assert list(queries.urgent_sheets(referent())) == [sheet]

    actions.confirm_unchanged(sheet, agent=referent(), now=LATER)
    sheet.refresh_from_db()
    assert sheet.urgent_check_by is None
    assert SheetReview.objects.get().result == "checked"


@pytest.mark.parametrize("role", ["REC", "REF", "LIA", "DIR", "QUA"])
def test_the_urgent_lane_is_for_the_editor_advisers_and_the_head(role):
    colleague = editor("paul.corre", roles=[role])

    with pytest.raises(Refused):
        actions.open_draft(local_sheet(), agent=colleague, now=NOON, is_urgent=True)


def test_a_text_begun_before_an_urgent_correction_is_brought_together_first():
    sheet = local_sheet()
    draft = actions.open_draft(sheet, agent=editor(), now=NOON)
    save(draft, editor(), title="Acte de naissance")
    urgent = actions.open_draft(sheet, agent=marc(), now=NOON, is_urgent=True)
    save(urgent, marc(), text="Désormais 5 €.")
    actions.publish_urgent(urgent, agent=marc(), now=LATER, revision=2, reason="Tarif voté")

    with pytest.raises(actions.Behind):
        actions.publish_draft(draft, agent=referent(), now=LATER, revision=2)
    caught = actions.catch_up(
        draft, {"b1": "theirs", "title": "mine"}, agent=editor(), now=LATER, revision=2
    )

    assert caught.title == "Acte de naissance"
    assert [b["text"] for b in caught.blocks if b["kind"] == "cost"] == ["Désormais 5 €."]
    assert len(caught.blocks) == 4
    version = actions.publish_draft(caught, agent=referent(), now=LATER, revision=caught.revision)
    assert version.number == 3


def test_an_old_version_is_said_again_as_a_new_one():
    sheet = local_sheet()
    old = sheet.current
    draft = actions.open_draft(sheet, agent=referent(), now=NOON)
    save(draft, referent(), text="Cher.")
    actions.publish_draft(draft, agent=referent(), now=LATER, revision=2)

    again = actions.restore_version(sheet, old, agent=referent(), now=LATER)

    sheet.refresh_from_db()
    assert (again.number, sheet.current_id) == (3, again.pk)
    assert again.blocks == old.blocks


def test_who_may_not_decide_gets_the_old_version_as_a_draft():
    sheet = local_sheet()
    old = sheet.current
    draft = actions.open_draft(sheet, agent=referent(), now=NOON)
    save(draft, referent(), text="Cher.")
    actions.publish_draft(draft, agent=referent(), now=LATER, revision=2)
    sheet.refresh_from_db()

    again = actions.restore_version(sheet, old, agent=ines(), now=LATER)

    assert again.state == "writing"
    assert again.blocks[0]["text"] == "Gratuit."
    assert Sheet.objects.get().current.number == 2


def test_a_text_given_up_is_kept_and_taken_up_again():
    draft = actions.open_draft(local_sheet(), agent=editor(), now=NOON)
    save(draft, editor(), text="À garder")

    actions.abandon(draft, agent=editor(), now=LATER)
    assert SheetDraft.objects.get().blocks[0]["text"] == "À garder"
    actions.take_up(draft, agent=editor())

    assert SheetDraft.objects.get().state == "writing"


def test_topics_and_services_of_another_house_never_slip_in():
    draft = proposed(referent())
    neighbour = AuthorityFactory.create(slug="tremalon", name="Trémalon")
    foreign = TopicFactory.create(authority=neighbour)
    service = ServiceFactory.create(authority=neighbour)
    save(draft, referent(), about={**draft.about, "topics": [foreign.pk], "service": service.pk})

    actions.publish_draft(
        draft, agent=referent(), now=LATER, revision=SheetDraft.objects.get().revision
    )

    sheet = Sheet.objects.get()
    assert (list(sheet.topics.all()), sheet.service) == ([], None)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["open", "write", "stale", "propose", "give_back", "publish", "urgent", "abandon",
             "take_up", "take_back", "unchanged", "restore"]
        ),
        st.integers(0, 3),
    ),
    min_size=3, max_size=14,
)  # fmt: skip


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(STEPS)
def test_whatever_people_do_a_live_version_stays_and_no_text_is_lost(steps):
    Sheet.objects.all().update(current=None)
    for model in (SheetReview, DraftCopy, SheetDraft, Sheet):
        model.objects.all().delete()
    world = World()
    for number, (step, who) in enumerate(steps):
        world.take(step, who, number)
        world.check()


class World:
    def __init__(self):
        self.sheet = local_sheet()
        self.people = [editor(), referent(), marc(), ines()]
        self.sent: list[str] = []
        self.states: dict[int, str] = {}

    def take(self, step: str, who: int, number: int) -> None:
        agent, now = self.people[who], NOON + timedelta(minutes=number)
        try:
            getattr(self, step)(agent, now, number)
        except Refused:
            return

    def draft(self) -> SheetDraft:
        found = SheetDraft.objects.order_by("-id").first()
        if found is None:
            raise Refused("nothing is being written")
        return found

    def open(self, agent, now, number):
        actions.open_draft(self.sheet, agent=agent, now=now, is_urgent=number % 3 == 0)

    def write(self, agent, now, number, behind=0):
        draft = self.draft()
        text = f"Texte {number}."
        self.sent.append(text)
        blocks = writing.with_block(draft.blocks, "explanation")
        blocks[-1]["text"] = text
        words = written(draft, blocks=blocks)
        actions.save_draft(draft, words, agent=agent, now=now, revision=draft.revision - behind)

    def stale(self, agent, now, number):
        self.write(agent, now, number, behind=1)

    def propose(self, agent, now, number):
        actions.propose(self.draft(), agent=agent, now=now)

    def give_back(self, agent, now, number):
        actions.return_draft(self.draft(), agent=agent, words="Encore un mot.")

    def take_back(self, agent, now, number):
        actions.take_back(self.draft(), agent=agent)

    def take_up(self, agent, now, number):
        actions.take_up(self.draft(), agent=agent)

    def abandon(self, agent, now, number):
        actions.abandon(self.draft(), agent=agent, now=now)

    def publish(self, agent, now, number):
        draft = self.draft()
        actions.publish_draft(draft, agent=agent, now=now, revision=draft.revision)

    def urgent(self, agent, now, number):
        draft = self.draft()
        actions.publish_urgent(draft, agent=agent, now=now, revision=draft.revision, reason="x")

    def unchanged(self, agent, now, number):
        actions.confirm_unchanged(self.sheet, agent=agent, now=now)

    def restore(self, agent, now, number):
        actions.restore_version(self.sheet, self.sheet.versions.first(), agent=agent, now=now)

    def check(self) -> None:
        sheet = Sheet.objects.get()
        assert sheet.current is not None
        assert sheet.current.number == sheet.versions.count()
        kept = [
            block["text"] for copy in DraftCopy.objects.all() for block in copy.content["blocks"]
        ]
        assert set(self.sent) <= set(kept)
        for draft in SheetDraft.objects.all():
            before = self.states.get(draft.pk, writing.WRITING)
            assert draft.state == before or writing.may_move(before, draft.state)
            self.states[draft.pk] = draft.state


def test_a_text_put_aside_outlives_the_draft_that_was_decided_on():
    owner, second = referent(), editor()
    draft = actions.open_draft(local_sheet(), agent=owner, now=NOON)
    save(draft, owner, text="89 €")
    aside = save(draft, second, revision=1, text="91 €", title="Titre de Léna").aside
    with pytest.raises(Refused):
        actions.carry_over(aside, agent=second, now=LATER)
    actions.publish_draft(draft, agent=owner, now=LATER, revision=2)

    carried = actions.carry_over(aside, agent=second, now=LATER)

    assert carried.draft != draft
    assert carried.content["title"] == "Titre de Léna"
    assert carried.content["blocks"][0]["text"] == "91 €"
    assert list(queries.asides(carried.draft, second)) == [carried]
    assert not queries.asides(draft, second).exists()


def test_a_reference_that_is_a_word_of_our_addresses_is_said_to_be_one():
    agent = editor()

    with pytest.raises(Refused, match="adresses"):
        actions.start_sheet(agent, now=NOON, title="x", service=agent.service, ref="nouvelle")
