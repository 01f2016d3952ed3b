"""The same project with its database as ``startproject`` leaves it: only where it is."""

from bench.plain.settings import *  # noqa: F403
from bench.plain.settings import DATABASES

_told = DATABASES["default"]
_where = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
DATABASES = {"default": {key: _told[key] for key in _where if key in _told}}
