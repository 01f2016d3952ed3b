"""WSGI entry point: Django's pages and API."""

import os

from django.core.wsgi import get_wsgi_application

from parvis.common.processes import die_with_parent

if os.environ.get("PARVIS_SUPERVISED"):
    die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
application = get_wsgi_application()
