"""Every public page shows the way to a person (R15): here, or one link away."""

from django.http import HttpResponse

# Nobody stands before these alone: an agent is in the hall, or the page is on paper.
IN_THE_HALL = frozenset({"queue:display", "queue:display-of", "web:kiosk-answer"})
# Where agents sign in: nobody else has anything to do there.
OF_AGENTS = frozenset({"accounts:sign-in", "account_login"})
ON_PAPER = frozenset({"web:tracking-slip", "appointments:slip", "knowledge:documents"})
FOOT = 'id="parler"'  # the telephone with its hours, and the page of every way
FRAME = "/parler/"  # in a frame: the page of every way of this conversation
AT_KIOSK = ("/borne/", "/ticket/")  # a ticket is the way to an agent


def lack_of(name: str, page: HttpResponse) -> str:
    """What a page lacks, in words; empty where somebody can be spoken to."""
    if page.status_code != 200 or not page.headers["Content-Type"].startswith("text/html"):
        return ""
    if name in IN_THE_HALL | ON_PAPER | OF_AGENTS:
        return ""
    shown = page.content.decode()
    if FOOT in shown:
        is_whole = FRAME in shown or name.startswith("accounts:")
        return "" if is_whole else f"{name}: the foot does not lead to every way"
    if 'class="pv-kiosk"' in shown:
        return "" if all(one in shown for one in AT_KIOSK[:1]) else f"{name}: no way to a ticket"
    return "" if "Parler à quelqu’un" in shown else f"{name}: nobody can be spoken to"
