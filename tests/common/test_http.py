from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.test import RequestFactory, override_settings

from parvis.common.http import client_address, once


def test_an_address_is_kept_as_a_mark_only():
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")

    assert "192.0.2.7" not in client_address(request)
    assert client_address(request) == client_address(request)


@override_settings(BEHIND_PROXY=True)
def test_behind_our_proxy_the_last_address_it_wrote_counts():
    forged = RequestFactory().get("/", headers={"X-Forwarded-For": "203.0.113.9, 192.0.2.7"})
    honest = RequestFactory().get("/", headers={"X-Forwarded-For": "192.0.2.7"})

    assert client_address(forged) == client_address(honest)


def test_without_a_proxy_nobody_chooses_their_address():
    forged = RequestFactory().get(
        "/", REMOTE_ADDR="192.0.2.7", headers={"X-Forwarded-For": "203.0.113.9"}
    )
    plain = RequestFactory().get("/", REMOTE_ADDR="192.0.2.7")

    assert client_address(forged) == client_address(plain)


@pytest.mark.django_db(transaction=True)
def test_who_meets_another_looks_again_at_the_whole_file():
    file = SimpleUploadedFile("voies.csv", "rue des Lavandières".encode())
    request = RequestFactory().post("/voies/", {"form_key": "k1", "file": file})
    request.user, request.session = SimpleNamespace(pk=7), SimpleNamespace(session_key="s")
    seen: list[str] = []

    @once
    def brought(request: object) -> HttpResponse:
        seen.append(request.FILES["file"].read().decode())  # type: ignore[attr-defined]
        if len(seen) == 1:
            raise IntegrityError("somebody else was faster")
        return redirect("/")

    assert brought(request).status_code == 302
    assert seen == ["rue des Lavandières"] * 2
