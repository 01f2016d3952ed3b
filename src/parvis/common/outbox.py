"""Slow or remote effects: a row in the action's own transaction, done later by a job."""

from email.utils import make_msgid

from parvis.common.tasks import deliver_mail
from parvis.common.text import one_line


def send_mail(to: str, *, subject: str, text: str, reply_to: str) -> None:
    """Have a mail sent once the surrounding transaction holds; nothing is sent if it does not."""
    title = one_line(subject)  # no header can be smuggled in through a subject
    deliver_mail.enqueue(to, title, text, reply_to, make_msgid(domain="parvis"))
