"""Every message of the corpus: none lost, none fatal, none with the wrong case."""

from collections import Counter
from typing import Any

import pytest
from django.db import transaction

from parvis.common import files
from parvis.mail import actions, addresses
from parvis.mail.models import OutgoingMail, ReceivedMail
from parvis.mail.reading import runner
from tests.cases.factories import windows
from tests.contacts.factories import PersonFactory
from tests.mail.corpus import Sample, World
from tests.mail.corpus.whole import SAMPLES
from tests.mail.factories import ADDRESS, NOON, box, first_mail, odettes_windows

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(tmp_path: Any, settings: Any) -> tuple[World, dict[int, str]]:
    settings.FILES = tmp_path
    settings.MAIL = {**settings.MAIL, "AUTHSERV": "mx.sainte-orvanne.example"}
    box()
    mine = odettes_windows().case
    theirs = windows(
        person=PersonFactory.create(last_name="Lebreton", email="jeanne@example.org"), title="Copie"
    ).case
    receipt, other = first_mail(mine), first_mail(theirs)
    world = World(
        reply_to=receipt.reply_to,
        message_id=receipt.message_id,
        mark=addresses.subject_mark(mine.reference),
        return_path=addresses.return_address(ADDRESS, receipt.pk),
        other_reply_to=other.reply_to,
        other_id=other.message_id,
        reference=mine.reference,
    )
    return world, {mine.pk: "windows", theirs.pk: "copy"}


def test_the_corpus_is_large_and_no_message_is_in_it_twice():
    assert len(SAMPLES) >= 150
    assert [name for name, count in Counter(one.name for one in SAMPLES).items() if count > 1] == []


def test_every_message_of_the_corpus_finds_its_place(town: tuple[World, dict[int, str]]):
    world, cases = town

    wrong = [said for sample in SAMPLES for said in differences(sample, world, cases)]

    assert wrong == []


def differences(sample: Sample, world: World, cases: dict[int, str]) -> list[str]:
    """Bring one message in, look at what became of it, and undo it all."""
    with transaction.atomic():
        raw = sample.make(world)
        to = sample.envelope_to(world) if callable(sample.envelope_to) else sample.envelope_to
        kept = actions.keep(
            raw, way="lmtp", now=NOON, envelope_from=sample.envelope_from, envelope_to=to
        )
        reader = (
            runner.read if sample.in_child else lambda path: runner.read_here(path.read_bytes())
        )
        actions.read_one(kept.mail.pk, now=NOON, reader=reader)
        found = [f"{sample.name}: {said}" for said in compared(sample, raw, kept.mail.pk, cases)]
        transaction.set_rollback(True)
    return found


def compared(sample: Sample, raw: bytes, pk: int, cases: dict[int, str]) -> list[str]:
    mail = ReceivedMail.objects.get(pk=pk)
    where = cases.get(mail.case_id or mail.claimed_id or 0, "")
    answered = OutgoingMail.objects.filter(answers=mail).exists()
    checks = {
        f"{mail.state}, not {sample.state}": mail.state == sample.state,
        f"because {mail.reason}, not {sample.reason}": mail.reason == sample.reason,
        f"with {where!r}, not {sample.case!r}": where == sample.case,
        f"threaded to {where!r}": mail.state != "threaded" or sample.state == "threaded",
        "lost": files.path_of(mail.digest).read_bytes() == raw,
        f"says {mail.text[:60]!r}": sample.says in mail.text,
        f"subject {mail.subject[:60]!r}": sample.subject in (None, mail.subject),
        f"{mail.files.count()} files": sample.files in (None, mail.files.count()),
        f"history {mail.history[:40]!r}": sample.history in (None, bool(mail.history)),
        "a machine was answered": not (answered and mail.state != "waiting"),
        **{f"html has {word}": word not in mail.html.lower() for word in sample.html_lacks},
        **{f"file {name!r}": "/" not in name and len(name) < 100 for name in named(mail)},
    }  # fmt: skip
    return [said for said, is_well in checks.items() if not is_well]


def named(mail: ReceivedMail) -> list[str]:
    return list(mail.files.values_list("name", flat=True))
