"""The REST API, ``/api/v1/``: a thin layer over the rooms' actions and queries."""

from ninja import NinjaAPI

api = NinjaAPI(title="Parvis", version="1.0.0", urls_namespace="api", docs_url=None)
