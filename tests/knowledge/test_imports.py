"""An import from the screen: asked for, done by the job, followed, stopped, taken up again."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from parvis.common.errors import Refused
from parvis.knowledge import actions, tasks
from parvis.knowledge.dila import feed, importing, working
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.dila.report import Result
from parvis.knowledge.models import FeedSchedule, ImportRun, Sheet
from tests.accounts.factories import AgentFactory, ines
from tests.knowledge import editions, samples
from tests.knowledge.factories import NOON, editor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    settings.SHEETS_FOLDER = tmp_path / "var"


@pytest.fixture
def admin(client):
    agent = AgentFactory.create(roles=["ADM"])
    client.force_login(agent)
    return agent


def archive(files: dict[str, str] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in (editions.FILES if files is None else files).items():
            zipped.writestr(name, content)
    return made.getvalue()


def send(client, content: bytes, **changes: str):
    given = {
        "origin": "upload",
        "audience": "particuliers",
        "archive": SimpleUploadedFile("edition.zip", content, "application/zip"),
        **changes,
    }
    return client.post(reverse("knowledge:imports"), given)


def a_run(**changes) -> ImportRun:
    given = {"origin": "path", "source": "in", "audience": "particuliers", "now": NOON}
    return actions.ask_import(**{**given, **changes})


def work(run: ImportRun) -> ImportRun:
    working.in_background(run.pk, clock=lambda: NOON)
    run.refresh_from_db()
    return run


def test_an_archive_is_sent_taken_in_and_put_away(client, admin, settings):
    response = send(client, archive())

    run = ImportRun.objects.get()
    assert response["Location"] == reverse("knowledge:import", args=[run.pk])
    assert (run.state, run.source, run.started_by) == ("waiting", "edition.zip", admin)
    assert Path(run.stored_at).is_file()
    work(run)
    assert (run.state, run.position, run.total, run.edition) == ("done", 17, 17, "2026-03-05")
    assert run.counts == {"new": 13, "changed": 3, "explained": 1}
    assert list(Path(settings.SHEETS_FOLDER).iterdir()) == []
    page = client.get(response["Location"]).content.decode()
    assert "17 fichiers sur 17" in page
    assert "@futur" in page


def test_a_broken_file_is_told_in_words_and_the_others_are_taken(client, admin):
    send(client, archive({**editions.FILES, "F5.xml": "<Publication\n<a"}))

    run = work(ImportRun.objects.get())

    page = client.get(reverse("knowledge:import", args=[run.pk])).content.decode()
    assert "F5.xml:2" in page
    assert "illisible" in page
    assert Sheet.objects.count() == 2


@pytest.mark.parametrize(
    "content",
    [
        b"no archive at all",
        archive({"../F1.xml": "x"}),
        archive({"F1.xml": " " * 3_000_000}),
        b"",
    ],
)
def test_a_dangerous_archive_is_refused_at_once_and_not_kept(client, admin, settings, content):
    response = send(client, content)

    assert response.status_code == 200
    assert not ImportRun.objects.exists()
    folder = Path(settings.SHEETS_FOLDER)
    assert not folder.exists() or list(folder.iterdir()) == []


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("F1.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as made:
        made.writestr(link, "/etc/hostname")

    with pytest.raises(Refused, match=r"F1\.xml"):
        Import(audience="particuliers", now=NOON).run(tmp_path / "a.zip")


def test_a_link_in_a_folder_is_not_followed(tmp_path):
    (tmp_path / "secret").write_text(samples.publication(), encoding="utf-8")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "F1.xml").symlink_to(tmp_path / "secret")

    report = Import(audience="particuliers", now=NOON).run(tmp_path / "in")

    assert report.counts == {Result.BROKEN: 1}
    assert not Sheet.objects.exists()


def test_one_import_at_a_time_can_be_asked_for(client, admin):
    send(client, archive())

    response = send(client, archive(), form_key="other")

    assert response.status_code == 200
    assert ImportRun.objects.count() == 1


def test_the_feed_is_fetched_by_the_job_and_put_away(client, admin, settings, monkeypatch):
    def download(address, folder, *, limits, progress=None):
        assert address == settings.SHEETS_FEED
        assert not limits.may_be_private
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / "edition-1.zip"
        path.write_bytes(archive())
        return path

    monkeypatch.setattr(feed, "download", download)
    client.post(reverse("knowledge:imports"), {"origin": "feed", "audience": "particuliers"})

    run = work(ImportRun.objects.get())

    assert run.state == "done"
    assert Sheet.objects.count() == 2
    assert list(Path(settings.SHEETS_FOLDER).iterdir()) == []


def test_a_feed_that_cannot_be_had_says_why(client, admin, settings):
    settings.SHEETS_FEED = "http://127.0.0.1:9/x.zip"
    client.post(reverse("knowledge:imports"), {"origin": "feed", "audience": "particuliers"})

    run = work(ImportRun.objects.get())

    assert run.state == "refused"
    assert "127.0.0.1" in run.words
    assert run.words in client.get(reverse("knowledge:import", args=[run.pk])).content.decode()


def test_the_same_job_twice_is_one_import(client, admin):
    send(client, archive())
    run = work(ImportRun.objects.get())

    assert working.in_background(run.pk, clock=lambda: NOON) is None


def test_an_import_is_stopped_after_the_files_it_is_at(client, admin, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    send(client, archive())
    run = ImportRun.objects.get()
    ImportRun.objects.update(cancel_asked=True)

    work(run)

    assert (run.state, run.position) == ("cancelled", 2)
    again = client.post(reverse("knowledge:import-stop", args=[run.pk]))
    assert again.status_code == 302


def test_a_waiting_import_is_stopped_before_it_begins(client, admin):
    send(client, archive())
    run = ImportRun.objects.get()

    client.post(reverse("knowledge:import-stop", args=[run.pk]))

    assert work(run).state == "cancelled"
    assert not Sheet.objects.exists()


def test_an_import_whose_worker_is_gone_can_be_taken_up(client, admin):
    send(client, archive())
    run = ImportRun.objects.get()
    assert actions.claim(run.pk, now=NOON) is not None
    assert actions.claim(run.pk, now=NOON + timedelta(seconds=30)) is None
    page = client.get(reverse("knowledge:import", args=[run.pk])).content.decode()
    assert "import-resume" not in page

    assert client.post(reverse("knowledge:import-resume", args=[run.pk])).status_code == 302
    taken = working.in_background(run.pk, clock=lambda: NOON + timedelta(minutes=3))

    assert taken is not None
    run.refresh_from_db()
    assert run.state == "done"


def test_a_sheet_taken_before_the_interruption_is_known_again(tmp_path, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 1)
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(samples.publication(title=name), encoding="utf-8")
    run = a_run()
    stopped = Import(audience="particuliers", now=NOON, clock=lambda: NOON)
    stopped.progress = lambda done, total: (_ for _ in ()).throw(KeyboardInterrupt)
    with pytest.raises(KeyboardInterrupt):
        stopped.run(tmp_path, log=run)
    run.refresh_from_db()
    assert run.position == 1

    report = Import(audience="particuliers", now=NOON, clock=lambda: NOON).run(tmp_path, log=run)

    assert report.gone_on_from == 1
    assert report.counts == {Result.EXPLAINED: 1}
    assert Sheet.objects.get().title == "a.xml"
    run.refresh_from_db()
    assert (run.state, run.counts) == ("done", {"new": 1, "explained": 1})


def test_other_files_start_afresh(tmp_path):
    run = a_run()
    first = editions.write(tmp_path / "in")
    Import(audience="particuliers", now=NOON, clock=lambda: NOON).run(first, log=run)
    editions.write(tmp_path / "in", **{"R60.xml": None})

    report = Import(audience="particuliers", now=NOON, clock=lambda: NOON).run(first, log=run)

    assert report.gone_on_from == 0


def test_only_administrators_of_the_installation_import(client):
    client.force_login(AgentFactory.create(roles=["KBE"]))

    assert client.get(reverse("knowledge:imports")).status_code == 403


def test_a_fault_of_ours_ends_an_import_instead_of_repeating_it(client, admin, monkeypatch):
    send(client, archive())
    monkeypatch.setattr(importing.sources, "listed", lambda path: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        work(ImportRun.objects.get())

    assert ImportRun.objects.get().state == "refused"


def test_the_feed_of_individuals_is_not_taken_for_others(client, admin):
    given = {"origin": "feed", "audience": "professionnels"}

    assert client.post(reverse("knowledge:imports"), given).status_code == 200
    assert not ImportRun.objects.exists()


def test_stranded_imports_are_given_back_to_the_jobs(client, admin, monkeypatch):
    given: list[int] = []
    send(client, archive())
    run = ImportRun.objects.get()
    monkeypatch.setattr(type(tasks.run_import), "enqueue", lambda self, pk: given.append(pk))
    assert actions.claim(run.pk, now=timezone.now() - timedelta(hours=1)) is not None
    a_run(audience="associations")

    assert tasks.resume_imports.call() == 1
    assert given == [run.pk]


def scheduled(client, **changes: str):
    given = {"jour-is_on": "on", "jour-hour": "4", "jour-address": "", **changes}
    return client.post(reverse("knowledge:import-schedule"), given)


def at(hour: int, day: int = 22):
    return NOON.replace(day=day, hour=hour - 1)  # Paris in winter


def test_the_set_is_fetched_once_a_day_from_its_hour_on(client, admin, settings):
    scheduled(client, **{"jour-address": "https://feed.example.org/jour.zip"})

    assert actions.ask_due(now=at(3)) is None
    run = actions.ask_due(now=at(7))
    assert run is not None
    assert run.source == "https://feed.example.org/jour.zip"
    assert actions.ask_due(now=at(8)) is None
    assert actions.ask_due(now=at(5, day=23)) is not None


def test_nothing_is_fetched_when_nobody_asked_for_it(client, admin):
    assert actions.ask_due(now=at(12)) is None
    scheduled(client, **{"jour-is_on": ""})
    assert actions.ask_due(now=at(12)) is None


def test_an_hour_that_is_none_is_refused(client, admin):
    scheduled(client, **{"jour-hour": "24"})

    assert not FeedSchedule.objects.exists()


def test_a_daily_import_that_fails_is_told_once_and_shown(client, admin, monkeypatch):
    writer, reception = editor(), ines()
    scheduled(client)
    run = actions.ask_due(now=at(7))
    assert run is not None

    def refused(*_given, **_named):
        raise Refused("The address does not answer.")

    monkeypatch.setattr(feed, "download", refused)
    working.in_background(run.pk, clock=lambda: at(7))

    assert actions.tell_failures(now=at(8)) >= 1
    assert actions.tell_failures(now=at(9)) == 0
    mails = [row.args_kwargs["args"] for row in DBTaskResult.objects.all()]
    told = {one[0] for one in mails if len(one) > 2}
    assert writer.email in told
    assert reception.email not in told
    assert all("The address does not answer." in one[2] for one in mails if len(one) > 2)
    assert (
        "The address does not answer." in client.get(reverse("knowledge:imports")).content.decode()
    )


def test_a_daily_import_that_never_ends_is_told(client, admin):
    editor()
    scheduled(client)
    actions.ask_due(now=at(7))

    assert actions.tell_failures(now=at(12)) == 0
    assert actions.tell_failures(now=at(14)) >= 1
