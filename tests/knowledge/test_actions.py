from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError

from parvis.common import events, journal
from parvis.knowledge import actions, queries
from parvis.knowledge.actions import Kept, National, NewSheet
from parvis.knowledge.events import SheetVersionPublished
from parvis.knowledge.models import Sheet
from tests.knowledge.factories import NOON, block, draft, local_sheet, national_sheet
from tests.organisations.factories import AuthorityFactory, TopicFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def news(monkeypatch):
    heard: list[SheetVersionPublished] = []
    monkeypatch.setitem(events._handlers, SheetVersionPublished, [heard.append])
    return heard


def publish(sheet, **changes):
    words = {
        "title": "Nouveau titre",
        "short_answer": "Oui.",
        "blocks": [block("<p>Encore<script>x</script></p>")],
        "author": "Léna Marzin",
        "now": NOON + timedelta(days=1),
    }
    return actions.publish_version(sheet, **{**words, **changes})


def test_a_new_sheet_has_its_words_its_topics_and_its_news(news):
    topic = TopicFactory.create()

    sheet = local_sheet(topics=[topic], keywords=["extrait", "copie intégrale"])

    assert sheet.current.number == 1
    assert list(sheet.topics.all()) == [topic]
    assert sheet.keywords == "extrait, copie intégrale"
    assert news == [
        SheetVersionPublished(sheet.pk, sheet.current.pk, "SO-012", sheet.authority_id, 1)
    ]
    assert [entry.verb for entry in journal.of(sheet)] == ["knowledge.sheet_created"]


def test_text_for_search_and_quotes_holds_public_words_only():
    sheet = local_sheet()

    assert "Gratuit." in sheet.current.text
    assert "justificatif" in sheet.current.text
    assert "filigrane" not in sheet.current.text
    assert "Imprimante" not in sheet.current.text


def test_publishing_makes_the_next_version_and_tells_it(news):
    sheet = local_sheet()
    before = queries.collection_number()

    version = publish(sheet)

    sheet.refresh_from_db()
    assert (version.number, sheet.current_id, sheet.title) == (2, version.pk, "Nouveau titre")
    assert version.blocks[0]["html"] == "<p>Encore</p>"
    assert version.published_at == NOON + timedelta(days=1)
    assert [told.number for told in news] == [1, 2]
    assert queries.collection_number() > before
    assert journal.of(sheet).last().verb == "knowledge.version_published"


def test_publishing_the_same_words_again_changes_nothing(news):
    sheet = local_sheet()
    first = publish(sheet)
    number = queries.collection_number()

    assert publish(sheet) == first
    assert sheet.versions.count() == 2
    assert queries.collection_number() == number
    assert len(news) == 2


def test_a_level_that_nobody_knows_stays_inside():
    version = publish(local_sheet(), blocks=[block("<p>Chut</p>", level="secret")])

    assert version.blocks[0]["level"] == "internal"
    assert "Chut" not in version.text


def test_many_sheets_at_once_cost_the_same_few_statements(django_assert_max_num_queries):
    authority = AuthorityFactory.create()
    many = [
        NewSheet(ref=f"SO-{n}", title=f"Fiche {n}", short_answer="Oui.", blocks=[])
        for n in range(60)
    ]

    with django_assert_max_num_queries(80):  # one journal entry each, and a handful
        sheets = actions.create_local_sheets(authority, many, now=NOON, author="Import")

    assert Sheet.objects.filter(current__number=1).count() == len(sheets) == 60


def test_one_reference_names_one_sheet_of_an_authority():
    local_sheet()

    with pytest.raises(IntegrityError):
        local_sheet(title="Autre")


def keep(*drafts):
    return actions.keep_national(
        [National.of(one) for one in drafts], audience="particuliers", now=NOON, author="DILA"
    )


def test_national_sheets_are_new_then_unchanged_then_changed_and_never_older(news):
    first = draft()
    second = replace(first, short_answer="Autre réponse.")
    older = replace(first, dated=first.dated - timedelta(days=1))

    kept = [keep(one) for one in (first, first, second, older)]

    assert kept == [[Kept.NEW], [Kept.UNCHANGED], [Kept.CHANGED], [Kept.OLDER]]
    assert [told.number for told in news] == [1, 2]


def test_the_same_national_reference_may_exist_for_two_audiences():
    national_sheet()

    kept = actions.keep_national(
        [National.of(draft())], audience="professionnels", now=NOON, author="DILA"
    )

    assert kept == [Kept.NEW]


def test_a_batch_costs_the_same_for_one_sheet_and_for_thirty(django_assert_max_num_queries):
    for first, count in ((100, 1), (200, 30)):
        with django_assert_max_num_queries(12):
            keep(*(draft(f"F{first + n}") for n in range(count)))


def test_a_title_that_is_too_long_is_cut_at_a_word():
    sheet = local_sheet(title="mot " * 200)

    assert len(sheet.title) <= 300
    assert sheet.title.endswith("mot…")
