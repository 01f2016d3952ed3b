"""The bytes of a letter: made outside of every transaction, kept under their own mark."""

import hashlib

from parvis.common import files
from parvis.common.errors import Refused
from parvis.letters import papers, queries
from parvis.letters.models import Letter


def press(letter: Letter) -> bytes:
    """The PDF of a letter: what is in the store, else made again, byte for byte the same."""
    if letter.digest:
        kept = files.path_of(letter.digest)
        if kept.exists():
            return kept.read_bytes()
    made = papers.pdf("letter", queries.as_it_is(letter))
    if letter.state != Letter.State.SENT:
        return made
    digest = hashlib.sha256(made).hexdigest()
    if letter.digest and digest != letter.digest:
        raise Refused("The bytes of a letter that left have changed.", code="changed")
    files.keep([made])
    # Two at once write the same bytes and the same mark.
    Letter.objects.filter(pk=letter.pk, digest="").update(digest=digest, size=len(made))
    letter.digest, letter.size = digest, len(made)
    return made
