"""Why people wait longer than usual, as visitors read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LateReason(models.TextChoices):
    """Why people wait longer than usual: ready-made, so that each reads it in their language."""

    CROWD = "crowd", _("We are late: more people than usual have come.")
    ABSENT = "absent", _("We are late: a colleague is missing today.")
    BREAKDOWN = "breakdown", _("We are late: a machine or a program does not work.")
    LONG_VISIT = "long_visit", _("We are late: some visits take longer than expected.")
    EMERGENCY = "emergency", _("We are late: an emergency must be dealt with first.")
    LATE_START = "late_start", _("We are late: the desks opened later than planned.")
