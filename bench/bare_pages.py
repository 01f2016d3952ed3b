"""Settings of a peer: the page of a sheet as its bare template, behind the same server."""

from parvis.settings import *  # noqa: F403

ROOT_URLCONF = "bench.bare_urls"
