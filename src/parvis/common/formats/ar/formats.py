"""Arabic dates as the hall writes them: day, number, month; hours of the 24-hour clock."""

DATE_FORMAT = "l j F Y"
SHORT_DATE_FORMAT = "Y/m/d"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "l j F Y، H:i"
SHORT_DATETIME_FORMAT = "Y/m/d H:i"
MONTH_DAY_FORMAT = "l j F"
