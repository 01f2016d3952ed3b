"""Settings of the tests: fast hashing, mail in memory, the database the environment names."""

import os
import tempfile

os.environ.setdefault("PARVIS_HOME", tempfile.mkdtemp(prefix="parvis-test-"))
os.environ.setdefault("PARVIS_SECRET_KEY", "only-for-tests")

from pathlib import Path

import parvis
from parvis.common import catalogues, database
from parvis.settings import *  # noqa: F403

# The compiled catalogues are not in the repository, and Django reads them while it sets up.
catalogues.compile_all(Path(parvis.__file__).parent)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# Databases of tests are in memory, where nobody queues up to write, and pytest-django gives each
# process its own only when it knows the backend.
DATABASES["default"]["ENGINE"] = "django.db.backends.sqlite3"  # noqa: F405

if os.environ.get("PARVIS_TEST_DATABASE") == "postgres":
    from tests.support.postgres import database_url

    DATABASES = {"default": database.from_url(database_url(), home=HOME)}  # noqa: F405
    # Two runs at once on one server must not share a test database.
    DATABASES["default"]["TEST"] = {"NAME": f"test_parvis_{os.getpid()}"}
