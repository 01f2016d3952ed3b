"""What came by mail, what leaves by mail, and the addresses that both use."""

from parvis.mail.models.boxes import Mailbox, MailFolder
from parvis.mail.models.outgoing import DeadAddress, OutgoingMail
from parvis.mail.models.received import MailFile, ReceivedMail

__all__ = ["DeadAddress", "MailFile", "MailFolder", "Mailbox", "OutgoingMail", "ReceivedMail"]
