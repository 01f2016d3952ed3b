from collections.abc import Callable
from dataclasses import replace

import pytest

from parvis.accounts.models import Role
from parvis.cases.models import CaseEntry
from parvis.contacts.models import Channel
from parvis.demo.content.checks import (
    CAUSES,
    CHANNELS,
    DECISIONS,
    ENTRY_KINDS,
    HOURS_CHANNELS,
    NAME_POLICIES,
    ROLES,
    contrast,
    problems,
    words_in,
)
from parvis.demo.content.loader import Content, ContentError, build, load, serves
from parvis.demo.content.schema import Authority, DeskRule, Handling, Text
from parvis.demo.content.wording import Block, Sheet
from parvis.knowledge.models import ProtocolDeviation
from parvis.organisations.models import HoursChannel, NamePolicy


@pytest.fixture(scope="module")
def content() -> Content:
    return load()


def test_the_words_of_the_demo_town_hold_together(content: Content) -> None:
    assert problems(content) == []


def test_the_words_use_the_codes_of_the_house() -> None:
    assert frozenset(Role.values) == ROLES
    assert frozenset(Channel.values) >= CHANNELS
    assert frozenset(CaseEntry.Kind.values) >= ENTRY_KINDS
    assert frozenset(HoursChannel.values) == HOURS_CHANNELS
    assert frozenset(NamePolicy.values) == NAME_POLICIES
    assert frozenset(ProtocolDeviation.Cause.values) == CAUSES
    assert frozenset(ProtocolDeviation.Decision.values) == DECISIONS | {""}


def test_the_town_is_as_large_as_described(content: Content) -> None:
    town = content.town
    staff = content.people.staff[town.slug]
    by_group = [person.group for person in staff]
    fte = sum(person.fte for person in staff if person.group == "reception")

    assert (town.population, len(town.services), len(town.legal_entities)) == (60_240, 22, 2)
    assert (by_group.count("reception"), round(fte, 1)) == (26, 20.5)
    assert (by_group.count("liaison"), by_group.count("referent")) == (9, 14)
    assert len(content.people.directory[town.slug]) == 60
    assert len(content.authorities.authorities) == 4


def test_the_shares_of_the_topics_make_a_whole(content: Content) -> None:
    assert len(content.topics.families) == 14
    assert len(content.topics.topics) >= 120
    assert sum(topic.share for topic in content.topics.topics) == pytest.approx(100)


def test_the_kiosk_first_shows_a_dozen_topics(content: Content) -> None:
    assert 8 <= sum(topic.kiosk for topic in content.topics.topics) <= 12


def test_every_topic_has_its_sheet(content: Content) -> None:
    assert set(content.sheet_by_topic) == set(content.topic_by_slug)


def test_a_topic_with_many_sheets_is_answered_by_the_one_it_names(content: Content) -> None:
    rare = replace(content.sheet_by_topic["pacs"], ref="SO-990", title=Text("Rare", "Rare"))

    with_it = replace(content, sheets=(*content.sheets, rare))

    assert with_it.sheet_by_topic["pacs"].ref == "SO-029"
    assert problems(with_it) == []


def test_a_sheet_only_points_to_sheets_that_exist(content: Content) -> None:
    block = Block(kind="related", level="public", items=("SO-999",))

    found = problems(with_sheet(content, lambda s: replace(s, blocks=(*s.blocks, block))))

    assert found == ["SO-001: related: unknown SO-999"]


def test_some_sheets_are_late_for_their_check(content: Content) -> None:
    late = [s for s in content.sheets if s.reviewed_days_ago > s.review_every_days]

    assert 0.06 <= len(late) / len(content.sheets) <= 0.12


def test_about_half_of_the_sheets_are_shared_and_six_in_ten_quote_a_text(content: Content) -> None:
    many = len(content.sheets)
    quoting = [s for s in content.sheets if any(block.legal for block in s.blocks)]

    assert many >= 500
    assert 0.42 <= sum(sheet.shared for sheet in content.sheets) / many <= 0.54
    assert 0.55 <= len(quoting) / many <= 0.70


def test_every_protocol_says_who_does_what_with_what_by_when(content: Content) -> None:
    first, *others = content.protocols.protocols
    nobody = replace(first, steps=(*first.steps[1:], replace(first.steps[0], role="")))
    changed = replace(content, protocols=replace(content.protocols, protocols=(nobody, *others)))

    assert len(content.protocols.protocols) == 24
    assert len(content.protocols.deviations) >= 20
    assert problems(changed) == ["P-001: 'Laisser dire' does not say who, with what, by when"]


def test_there_are_enough_words_not_to_repeat_oneself(content: Content) -> None:
    words = content.cases

    assert len(words.templates) >= 40
    assert len(words.thanks) >= 30
    assert sum(len(comments) for comments in words.satisfaction.values()) >= 20
    assert len(words.hall_messages) >= 15
    assert len(content.people.first_names) >= 120
    assert len(content.people.last_names) >= 160


def test_every_role_of_the_house_is_held_by_somebody(content: Content) -> None:
    held = {role for person in content.people.staff["sainte-orvanne"] for role in person.roles}

    assert held == ROLES


def test_a_topic_is_answered_by_the_service_of_each_authority(content: Content) -> None:
    topic = content.topic_by_slug["collecte-jours"]

    answering = [
        (authority.slug, content.service_of(authority, topic).slug)
        for authority in content.authorities.authorities
    ]

    assert answering == [
        ("sainte-orvanne", "proprete"),
        ("tremalon", "technique"),
        ("cote-brevale", "dechets"),
        ("orvanne-et-plateaux", "collecte"),
    ]


def test_a_general_desk_directs_but_leaves_the_file_to_the_service(content: Content) -> None:
    general = content.town.sites[0].desks[0]

    assert serves(general, content.topic_by_slug["acte-naissance"])
    assert not serves(general, content.topic_by_slug["dossier-mariage"])


def test_a_desk_serves_a_single_topic_outside_its_families(content: Content) -> None:
    general = content.town.sites[0].desks[0]
    rule = DeskRule(families=(), levels=(), topics=("pacs",))

    assert serves(replace(general, serves=(rule,)), content.topic_by_slug["pacs"])


def test_nothing_under_embargo_is_public_yet(content: Content) -> None:
    waiting = [b for sheet in content.sheets for b in sheet.blocks if b.embargo_days]

    assert waiting
    assert {block.level for block in waiting} == {"internal"}


def test_punctuation_is_not_counted_as_words() -> None:
    assert words_in("C’est gratuit\u00a0: venez, s’il vous plaît\u00a0!") == 6


def test_black_on_white_has_the_highest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(
    ("kind", "value", "complaint"),
    [
        (Text, {"fr": "Oui", "en": "Yes", "de": "Ja"}, "unknown de"),
        (Text, {"fr": "Oui"}, "missing"),
        (Handling, {"mean": "long", "cv": 1}, "is not"),
        (int, True, "is not"),
        (tuple[str, ...], "mot", "is not"),
    ],
)
def test_a_file_of_another_shape_is_refused(kind: object, value: object, complaint: str) -> None:
    with pytest.raises(ContentError, match=complaint):
        build(kind, value)


def with_town(content: Content, change: Callable[[Authority], Authority]) -> Content:
    first, *others = content.authorities.authorities
    changed = replace(content.authorities, authorities=(change(first), *others))
    return replace(content, authorities=changed)


def with_sheet(content: Content, change: Callable[[Sheet], Sheet]) -> Content:
    first, *others = content.sheets
    return replace(content, sheets=(change(first), *others))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda town: replace(town, services=town.services[1:]), "unknown accueil"),
        (lambda town: replace(town, sites=town.sites[1:]), "no desk serves concession-achat"),
        (lambda town: replace(town, phone="06 12 34 56 78"), "might be somebody"),
        (lambda town: replace(town, name="L'Orvanne"), 'in "L\'Orvanne"'),
        (
            lambda town: replace(town, colours=replace(town.colours, action="#9fd3da")),
            "hard to read",
        ),
    ],
)
def test_a_fault_in_an_authority_is_named(
    content: Content, change: Callable[[Authority], Authority], complaint: str
) -> None:
    found = problems(with_town(content, change))

    assert any(complaint in problem for problem in found)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda sheet: replace(sheet, ref="SO-999"), "no sheet SO-001"),
        (lambda sheet: replace(sheet, service="lune"), "unknown lune"),
        (lambda sheet: replace(sheet, short=Text("oui " * 41, "yes " * 6)), "of 41 words"),
        (
            lambda sheet: replace(
                sheet, blocks=tuple(replace(block, level="public") for block in sheet.blocks)
            ),
            "would be read by everybody",
        ),
    ],
)
def test_a_fault_in_a_sheet_is_named(
    content: Content, change: Callable[[Sheet], Sheet], complaint: str
) -> None:
    found = problems(with_sheet(content, change))

    assert any(complaint in problem for problem in found)
