"""Ukrainian dates as the hall writes them: ``вівторок, 24 листопада``, ``14:30``."""

DATE_FORMAT = "l, j E Y р."
SHORT_DATE_FORMAT = "d.m.Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "l, j E Y р., H:i"
SHORT_DATETIME_FORMAT = "d.m.Y H:i"
MONTH_DAY_FORMAT = "l, j E"
