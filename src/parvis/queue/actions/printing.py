"""Slips on their way to network printers: a row in the ticket's own transaction, no more."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.queue import pictures, queries, slips
from parvis.queue.actions.tickets import Issued
from parvis.queue.models import Leg, Printer, PrintJob, Ticket

TOO_OLD: Final = timedelta(minutes=3)  # whoever took it has gone to the line without it
AT_WORK: Final = timedelta(seconds=30)  # a try under way belongs to one worker
BACKOFF: Final = (2, 5, 10, 20, 40)  # seconds before the next try
LONGEST_ERROR: Final = 200
TEST_TITLE: Final = "TEST"


def print_slip(issued: Issued, *, printer: Printer, now: datetime) -> PrintJob:
    """Have a ticket printed once the surrounding transaction holds; nothing waits for it."""
    ticket = issued.ticket
    path = reverse("web:ticket", args=[issued.secret])
    url = settings.BASE_URL.rstrip("/") + path
    return _queue(printer, title=ticket.code, lines=slip_lines(ticket), url=url, now=now)


@transaction.atomic
def print_test(printer: Printer, *, agent: Agent, now: datetime) -> PrintJob:
    """Print a page that shows whether the printer is set up well."""
    with translation.override(settings.LANGUAGE_CODE):
        lines = [
            printer.site.name,
            _("Test page of %(printer)s") % {"printer": printer.name},
            "-" * printer.width,
            _("The line above fills the paper from edge to edge."),
            "ÀÂÇÉÈÊËÎÏÔÙÛÜ àâçéèêëîïôùûü",
        ]
    journal.record(agent, "queue.printer_tried", printer)
    return _queue(printer, title=TEST_TITLE, lines=lines, url=settings.BASE_URL, now=now)


def slip_lines(ticket: Ticket) -> list[str]:
    """The words of a slip, in the language of its visitor if this machine can print it."""
    language = settings.LANGUAGE_CODE
    if ticket.language in settings.VISITOR_LANGUAGES and pictures.can_print(ticket.language):
        language = ticket.language
    site = ticket.site
    further = Leg.objects.filter(ticket=ticket, position__gt=1).select_related("topic")
    with translation.override(language):
        return [
            f"{site.authority.name}, {site.label}",
            ticket.topic.label,
            *(leg.topic.label for leg in further),
            queries.moment_sentence(ticket.issued_at, site),
            _("The screen and a voice will call this number."),
            _("Scan it to follow your place on your telephone."),
        ]


def _queue(printer: Printer, *, title: str, lines: list[str], url: str, now: datetime) -> PrintJob:
    job = PrintJob.objects.create(printer=printer, title=title, lines=lines, url=url, at=now)
    print_waiting.enqueue(printer.pk)
    return job


@task()
def print_waiting(printer_id: int) -> int:
    """Print what waits at one printer; what does not work is tried again, later and later."""
    return deliver(printer_id, now=timezone.now())


def deliver(printer_id: int, *, now: datetime) -> int:
    """Hand over the waiting slips of a printer, oldest first; stop at the first failure."""
    drop_old(now=now)
    printer = Printer.objects.filter(pk=printer_id, is_active=True).first()
    printed = 0
    for job in queries.waiting_slips(printer) if printer else ():
        if not _claim(job, now):
            continue  # another worker is at it, or it is not its time yet
        if not _hand_over(job, now):
            break
        printed += 1
    return printed


@transaction.atomic
def drop_old(*, now: datetime) -> int:
    """Give up the slips that nobody waits for any more, and forget their addresses."""
    old = PrintJob.objects.filter(state=PrintJob.State.WAITING, at__lt=now - TOO_OLD)
    return old.update(state=PrintJob.State.DROPPED, url="", ended_at=now)


def _claim(job: PrintJob, now: datetime) -> bool:
    same = PrintJob.objects.filter(pk=job.pk, state=PrintJob.State.WAITING, attempts=job.attempts)
    due = same.filter(Q(not_before=None) | Q(not_before__lte=now))
    return bool(due.update(attempts=job.attempts + 1, not_before=now + AT_WORK))


def _hand_over(job: PrintJob, now: datetime) -> bool:
    printer = job.printer
    try:
        data = slips.slip_bytes(title=job.title, lines=job.lines, url=job.url, width=printer.width)
        slips.send(data, host=printer.host, port=printer.port)
    except slips.NotPrinted as failure:
        _put_off(job, str(failure), now)
        return False
    _write_down(job, now)
    return True


@transaction.atomic
def _write_down(job: PrintJob, now: datetime) -> None:
    # The address holds the secret of the ticket: once on paper it is nowhere else.
    PrintJob.objects.filter(pk=job.pk).update(
        state=PrintJob.State.PRINTED, url="", ended_at=now, not_before=None
    )
    Printer.objects.filter(pk=job.printer_id).update(
        last_printed_at=now, failing_since=None, error=""
    )


@transaction.atomic
def _put_off(job: PrintJob, why: str, now: datetime) -> None:
    wait = timedelta(seconds=BACKOFF[min(job.attempts, len(BACKOFF) - 1)])
    PrintJob.objects.filter(pk=job.pk).update(not_before=now + wait)
    printer = Printer.objects.filter(pk=job.printer_id)
    printer.update(error=why[:LONGEST_ERROR])
    printer.filter(failing_since=None).update(failing_since=now)
    print_waiting.using(run_after=now + wait).enqueue(job.printer_id)
