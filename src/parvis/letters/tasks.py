"""Jobs of the letters: their bytes, once the words are kept."""

from django_tasks import task

from parvis.common.schedule import regularly
from parvis.letters.models import Letter
from parvis.letters.pressing import press


@task()
def press_letter(letter_id: int) -> int:
    """Typeset a letter that left; safe to run twice and after a kill -9."""
    return len(press(Letter.objects.select_related("case__authority").get(pk=letter_id)))


@regularly
@task()
def press_what_is_left() -> int:
    """Typeset what a lost job has left behind."""
    left = Letter.objects.filter(state=Letter.State.SENT, digest="").order_by("pk")[:50]
    return len([press(letter) for letter in left.select_related("case__authority")])
