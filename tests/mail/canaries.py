"""A message with its words, its sender and its subject."""

from parvis.mail import actions
from parvis.mail.reading import runner
from tests.mail.factories import ADDRESS, NOON, box, raw
from tests.support.canaries import Aviary


def message(aviary: Aviary) -> None:
    box(authority=aviary.ours)
    content = raw(
        subject=aviary.word("e-mail, subject"),
        text=aviary.word("e-mail, words"),
        sender=f"{aviary.word('e-mail, name of the sender')} <secret@example.org>",
    )
    kept = actions.keep(
        content, way="lmtp", now=NOON, envelope_from="x@example.org", envelope_to=ADDRESS
    )
    actions.read_one(
        kept.mail.pk, now=NOON, reader=lambda path: runner.read_here(path.read_bytes())
    )


PLANTED = [message]
