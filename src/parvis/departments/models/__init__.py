"""Questions to departments with their trail, promises of time, and rounds."""

from parvis.departments.models.questions import AnswerTime, Question, QuestionStep
from parvis.departments.models.rounds import Round, RoundTopic

__all__ = ["AnswerTime", "Question", "QuestionStep", "Round", "RoundTopic"]
