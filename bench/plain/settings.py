"""A Django project as its manual tells to set one up for production, over our tables.

What ``startproject`` gives as middleware, connections that are kept, and on SQLite the three
settings without which a dozen clients get errors instead of answers. Nothing of ours is in it:
neither our two database backends nor our middleware.
"""

from parvis.settings import *  # noqa: F403
from parvis.settings import DATABASES

ROOT_URLCONF = "bench.plain.urls"
_ours = DATABASES["default"]
if _ours["ENGINE"].endswith("sqlite3"):
    _ours["ENGINE"] = "django.db.backends.sqlite3"
else:
    _ours["ENGINE"] = "django.db.backends.postgresql"
    for name in ("server_side_binding", "prepare_threshold"):
        _ours["OPTIONS"].pop(name, None)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # its app insists; ours has it too
]
