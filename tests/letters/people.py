"""A letter that left, a decision, and both registers of the post."""

from parvis.cases.models import Case
from parvis.common import files
from parvis.contacts.models import Person
from parvis.letters.models import Decision, Delegation, IncomingPost, Letter, OutgoingPost
from tests.cases.factories import NOON, nadia

DAY = NOON.date()


def post(person: Person, case: Case) -> None:
    agent, where = nadia(), {"authority": case.authority, "service": case.service}
    delegation = Delegation.objects.create(authority=case.authority, **_signing(agent.entry))
    Decision.objects.create(
        case=case, law="a", facts="b", plain="c", appeal="d", delegation=delegation,
        decided_on=DAY, agent=agent, at=NOON,
    )  # fmt: skip
    digest, size, _kind = files.keep([b"%PDF-1.7 zqxpersonne letter"])
    Letter.objects.create(
        case=case, kind="free", state="sent", subject="s", body="b", agent=agent, begun_at=NOON,
        changed_at=NOON, sent_at=NOON, content={"body": "b"}, digest=digest, size=size,
    )  # fmt: skip
    scan, _size, _kind = files.keep([b"%PDF-1.7 zqxpersonne scan"])
    IncomingPost.objects.create(
        **where, year=2026, number=1, received_on=DAY, registered_at=NOON, sender="O. K.",
        subject="s", topic=case.topic, case=case, agent=agent, scan=scan,
    )  # fmt: skip
    OutgoingPost.objects.create(
        **where, year=2026, number=1, posted_on=DAY, recipient="O. K.", subject="s", case=case,
        agent=agent, at=NOON,
    )  # fmt: skip


def _signing(entry: object) -> dict[str, object]:
    return {"entry": entry, "capacity": "Pour le maire", "act": "A-1", "valid_from": DAY}


PLANTED = [post]
