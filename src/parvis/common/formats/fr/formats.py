"""French dates as the house writes them: ``mardi 24 novembre``, ``14 h 30`` (no-break spaces).

``jS`` writes ``1er`` on the first of a month (``parvis.common.french``).
"""

DATE_FORMAT = "l jS F Y"
SHORT_DATE_FORMAT = "d/m/Y"
TIME_FORMAT = "G\xa0\\h\xa0i"
DATETIME_FORMAT = "l jS F Y, G\xa0\\h\xa0i"
SHORT_DATETIME_FORMAT = "d/m/Y G\xa0\\h\xa0i"
MONTH_DAY_FORMAT = "l jS F"
