"""Reads that only pages need: whose front door this is."""

from parvis.organisations.models import Authority


def authority_of_host(host: str) -> Authority | None:
    """The authority whose front door has this host name; the first one where no name matches."""
    named = Authority.objects.filter(hostname__iexact=host).first() if host else None
    return named or Authority.objects.order_by("pk").first()
