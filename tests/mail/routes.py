"""Who gets which answer at the addresses of mail."""

from typing import Any

from django.utils import timezone

from parvis.mail import actions
from parvis.mail.models import MailFile, OutgoingMail
from tests.accounts.factories import ines
from tests.mail.factories import box, odettes_windows, waiting
from tests.support.routes import Route, only

# Everybody of the table works in civil status, which the address of the town belongs to.
SORT = only("REC", "ADV", "MGR", "REF", "LIA")
READ_CASES = only("REC", "ADV", "MGR", "REF", "LIA")


def a_message() -> dict[str, Any]:
    return {"pk": waiting().pk}


def set_aside() -> dict[str, Any]:
    mail = waiting()
    actions.set_aside(mail, words="Publicité.", agent=ines(), now=timezone.now())
    return {"pk": mail.pk}


def a_file() -> dict[str, Any]:
    mail = waiting()
    MailFile.objects.create(mail=mail, place=0, name="x.pdf", size=1, digest=mail.digest)
    return {"pk": mail.pk, "place": 0}


def a_case() -> dict[str, Any]:
    box()
    return {"reference": odettes_windows().case.reference}


def given_up() -> dict[str, Any]:
    case = a_case()
    owed = OutgoingMail.objects.get(case__reference=case["reference"])
    OutgoingMail.objects.update(state="given_up", ended_at=owed.at)
    return {**case, "pk": owed.pk}


def a_box() -> dict[str, Any]:
    return {"pk": box().pk}


ROUTES = [
    Route("mail:inbox", SORT),
    Route("mail:message", SORT, ours=a_message),
    Route("mail:attach", SORT, {"post": 422}, a_message),
    Route("mail:release", SORT, {"post": 302}, a_message),
    Route("mail:open", SORT, {"post": 422}, a_message),
    Route("mail:answer", SORT, {"post": 422}, a_message),
    Route("mail:set-aside", SORT, {"post": 422}, a_message),
    Route("mail:take-up", SORT, {"post": 302}, set_aside),
    Route("mail:original", SORT, ours=a_message),
    Route("mail:file", SORT, ours=a_file),
    Route("mail:of-case", READ_CASES, ours=a_case),
    Route("mail:send-link", READ_CASES, {"post": 302}, a_case),
    Route("mail:send-again", READ_CASES, {"post": 302}, given_up),
    Route("mail:boxes", only("ADM")),
    Route("mail:box-new", only("ADM"), {"get": 200, "post": 422}),
    Route("mail:box", only("ADM"), {"get": 200, "post": 422}, a_box),
]
