"""The tables of the room."""

from parvis.feedback.models.answers import OfThanks, Response, Thanks, ThanksRecipient, Via
from parvis.feedback.models.complaints import Complaint, Incident

__all__ = ["Complaint", "Incident", "OfThanks", "Response", "Thanks", "ThanksRecipient", "Via"]
