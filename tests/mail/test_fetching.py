from typing import Any

import pytest

from parvis.mail import fetching
from parvis.mail.models import MailFolder, ReceivedMail
from tests.mail.factories import NOON, box, raw
from tests.mail.imap import Folder, Server

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_store(tmp_path: Any, settings: Any) -> None:
    settings.FILES = tmp_path
    box()


@pytest.fixture
def folder() -> Folder:
    made = Folder()
    for number in (1, 2, 3):
        made.put(raw(message_id=f"<{number}@example.org>").replace(b"\n", b"\r\n"))
    return made


def fetch(url: str) -> int:
    return fetching.fetch(fetching.account_of(url), now=NOON)


def test_what_is_new_is_fetched_once(folder: Folder):
    with Server(folder) as url:
        assert fetch(url) == 3
        assert fetch(url) == 0
        folder.put(raw(message_id="<4@example.org>"))
        assert fetch(url) == 1

    assert ReceivedMail.objects.count() == 4
    assert folder.seen == {1, 2, 3, 4}
    assert MailFolder.objects.get().last_uid == 4


def test_when_the_server_numbers_anew_nothing_comes_twice(folder: Folder):
    with Server(folder) as url:
        fetch(url)
        folder.validity = 8
        fetch(url)

    assert ReceivedMail.objects.count() == 3
    assert MailFolder.objects.get().validity == 8


def test_a_line_that_is_cut_loses_and_doubles_nothing(folder: Folder):
    folder.cut_after = 2
    with Server(folder) as url:
        fetch(url)
        assert MailFolder.objects.get().failures == 1
        folder.cut_after = None
        fetch(url)

    assert ReceivedMail.objects.count() == 3
    assert MailFolder.objects.get().error == ""


def test_a_job_killed_before_it_noted_its_place_brings_nothing_twice(folder: Folder):
    with Server(folder) as url:
        fetch(url)
        MailFolder.objects.update(last_uid=1)
        fetch(url)

    assert ReceivedMail.objects.count() == 3


def test_a_wrong_password_is_told_without_the_password(folder: Folder):
    with Server(folder) as url:
        fetch(url.replace(":secret@", ":faux-secret@"))

    failed = MailFolder.objects.get()
    assert failed.failures == 1
    assert "faux" not in failed.error
    assert "faux" not in failed.account


@pytest.mark.parametrize("url", ["http://a:b@c/", "imaps://host/INBOX", "accueil@ville.example"])
def test_an_address_that_names_no_mailbox_is_refused_without_its_words(url: str):
    with pytest.raises(ValueError, match="no address of a mailbox"):
        fetching.account_of(url)


def test_the_next_fetch_is_planned_once(settings: Any):
    assert fetching.next_at(NOON) is None
    settings.MAIL = {**settings.MAIL, "IMAP": ["imap://a:b@127.0.0.1:1/"], "IMAP_EVERY": 60}

    assert fetching.next_at(NOON) is not None
