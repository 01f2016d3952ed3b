import io
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from parvis.common import events as common_events
from parvis.common.errors import Refused
from parvis.knowledge import actions, markup
from parvis.knowledge.dila import importing, sources
from parvis.knowledge.dila.importing import Import
from parvis.knowledge.dila.report import Report, Result
from parvis.knowledge.events import NationalSheetChanged
from parvis.knowledge.models import CollectionVersion, Sheet, SheetVersion
from tests.knowledge import samples
from tests.knowledge.factories import NOON

pytestmark = pytest.mark.django_db


def write(folder: Path, count: int, first: int = 1) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(first, first + count):
        ref = f"F{800000 + number}"
        xml = samples.publication(samples.BODY, ref=ref, title=f"Fiche {number}")
        (folder / f"{ref}.xml").write_text(xml, encoding="utf-8")


def take(path: Path, **options) -> Report:
    return Import(audience="particuliers", now=NOON).run(path, **options)


def results(report: Report) -> dict[str, Result]:
    return {file.name: file.result for file in report.files}


def command(*arguments: object) -> int:
    """The exit code of ``parvis sheets import``."""
    try:
        call_command("sheets", "import", *map(str, arguments), stdout=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0)
    except CommandError:
        return 1
    return 0


def test_one_broken_file_in_fifty_is_reported_and_the_rest_is_taken(tmp_path):
    write(tmp_path / "in", 50)
    (tmp_path / "in" / "F800007.xml").write_text("<Publication\n<oops>", encoding="utf-8")

    report = take(tmp_path / "in")

    assert report.counts == {Result.NEW: 49, Result.BROKEN: 1}
    broken = next(file for file in report.files if file.result is Result.BROKEN)
    assert (broken.name, broken.line) == ("F800007.xml", 2)
    assert broken.reason
    assert Sheet.objects.count() == 49
    assert report.is_complete


def test_importing_twice_changes_nothing(tmp_path):
    write(tmp_path / "in", 45)
    take(tmp_path / "in")
    number = CollectionVersion.objects.get().number

    again = take(tmp_path / "in")

    assert again.counts == {Result.UNCHANGED: 45}
    assert SheetVersion.objects.count() == 45
    assert CollectionVersion.objects.get().number == number


def test_changed_words_make_a_second_version_and_keep_the_first(tmp_path):
    write(tmp_path / "in", 2)
    take(tmp_path / "in")
    changed = samples.publication(
        samples.BODY.replace("25 €", "30 €"), ref="F800001", title="Fiche 1", modified="2026-04-01"
    )
    (tmp_path / "in" / "F800001.xml").write_text(changed, encoding="utf-8")

    report = take(tmp_path / "in")

    assert report.counts == {Result.CHANGED: 1, Result.UNCHANGED: 1}
    sheet = Sheet.objects.select_related("current").get(ref="F800001")
    assert sheet.current.number == 2
    assert "30 €" in sheet.current.text
    assert "25 €" in sheet.versions.get(number=1).text
    assert sheet.reviewed_on.isoformat() == "2026-04-01"


def test_changed_words_are_announced_with_the_old_and_the_new_version(tmp_path, monkeypatch):
    heard: list[NationalSheetChanged] = []
    monkeypatch.setitem(common_events._handlers, NationalSheetChanged, [heard.append])
    write(tmp_path / "in", 2)
    take(tmp_path / "in")
    assert heard == []
    changed = samples.publication(
        samples.BODY.replace("25 €", "30 €"), ref="F800001", title="Fiche 1", modified="2026-04-01"
    )
    (tmp_path / "in" / "F800001.xml").write_text(changed, encoding="utf-8")

    take(tmp_path / "in")
    take(tmp_path / "in")

    sheet = Sheet.objects.get(ref="F800001")
    old, new = sheet.versions.order_by("number").values_list("pk", flat=True)
    assert heard == [NationalSheetChanged(sheet.pk, "F800001", "particuliers", old, new)]


@pytest.mark.parametrize(
    "content",
    [
        samples.BOMB.encode(),
        samples.OUTSIDE.encode(),
        samples.DEEP.encode(),
        samples.publication(title="Été").encode("latin-1"),
        samples.publication().replace("UTF-8", "x-klingon").encode(),
        b"\xff\xfe\x00",
    ],
)
def test_a_hostile_file_is_told_in_words_and_nothing_of_it_is_kept(tmp_path, content):
    write(tmp_path / "in", 1)
    for name in ("F900001.xml", "R1.xml", "arborescence.xml", "redirections.xml"):
        (tmp_path / "in" / name).write_bytes(content)

    report = take(tmp_path / "in")

    assert report.counts == {Result.NEW: 1, Result.BROKEN: 4}
    assert all(len(file.reason) > 10 for file in report.files if file.result is Result.BROKEN)
    assert list(Sheet.objects.values_list("ref", flat=True)) == ["F800001"]


def test_a_new_place_in_the_tree_is_a_change_without_a_new_version(tmp_path):
    write(tmp_path / "in", 1)
    take(tmp_path / "in")
    file = tmp_path / "in" / "F800001.xml"
    file.write_text(file.read_text().replace("Animaux", "Bêtes"), encoding="utf-8")

    report = take(tmp_path / "in")

    assert report.counts == {Result.CHANGED: 1}
    sheet = Sheet.objects.get(ref="F800001")
    assert sheet.breadcrumb == "Loisirs > Bêtes > Animal de compagnie"
    assert sheet.versions.count() == 1


def test_an_older_file_never_replaces_a_newer_text(tmp_path):
    write(tmp_path / "in", 1)
    take(tmp_path / "in")
    old = samples.publication(ref="F800001", title="Vieille", modified="2019-01-24")
    (tmp_path / "in" / "F800001.xml").write_text(old, encoding="utf-8")

    report = take(tmp_path / "in")

    assert report.counts == {Result.OLDER: 1}
    assert report.is_complete
    assert Sheet.objects.get(ref="F800001").title == "Fiche 1"


def test_of_two_files_of_one_sheet_the_more_recent_one_is_taken_every_time(tmp_path):
    for schema, day in (("3.0", "2019-01-24"), ("3.3", "2022-11-29"), ("3.4", "2022-11-29")):
        xml = samples.publication(ref="F800001", title=f"En {schema}", modified=day, schema=schema)
        (tmp_path / f"F800001.v{schema}.xml").write_text(xml, encoding="utf-8")

    first, second = take(tmp_path), take(tmp_path)

    assert first.counts == {Result.EXPLAINED: 2, Result.NEW: 1}
    assert second.counts == {Result.EXPLAINED: 2, Result.UNCHANGED: 1}
    assert Sheet.objects.get().title == "En 3.4"


def test_a_sheet_told_twice_under_other_names_is_taken_once(tmp_path):
    for name in ("a.xml", "b.xml"):
        (tmp_path / name).write_text(samples.publication(title=name), encoding="utf-8")

    report = take(tmp_path)

    assert results(report) == {"a.xml": Result.NEW, "b.xml": Result.EXPLAINED}


def test_files_that_are_no_sheets_are_taken_for_what_they_are_or_explained(tmp_path):
    (tmp_path / "N19806.xml").write_text(samples.publication(ref="N19806"), encoding="utf-8")
    (tmp_path / "R1.xml").write_text("<ServiceComplementaire ID='R1'/>", encoding="utf-8")
    (tmp_path / "lisezmoi.txt").write_text("Bonjour", encoding="utf-8")
    (tmp_path / "actualites.xml").write_text("<rss/>", encoding="utf-8")

    report = take(tmp_path)

    assert report.counts == {Result.NEW: 2, Result.EXPLAINED: 2}
    assert all(file.reason for file in report.files if file.result is Result.EXPLAINED)
    assert report.is_complete


def test_all_or_nothing_takes_nothing_beside_a_broken_file(tmp_path):
    write(tmp_path / "in", 5)
    (tmp_path / "in" / "F800003.xml").write_text("", encoding="utf-8")

    report = take(tmp_path / "in", atomic=True)

    assert report.counts == {Result.BROKEN: 1, Result.UNDONE: 4}
    assert not report.is_complete
    assert Sheet.objects.count() == 0


def test_all_or_nothing_takes_all_when_all_can_be_read(tmp_path):
    write(tmp_path / "in", 5)

    assert take(tmp_path / "in", atomic=True).counts == {Result.NEW: 5}


def test_a_fault_of_ours_in_one_sheet_does_not_sink_the_others(tmp_path, monkeypatch, caplog):
    write(tmp_path / "in", 3)
    read = importing.reading.read

    def clumsy(content, name, *, audience):
        if name == "F800002.xml":
            raise ZeroDivisionError
        return read(content, name, audience=audience)

    monkeypatch.setattr(importing.reading, "read", clumsy)

    report = take(tmp_path / "in")

    assert report.counts == {Result.NEW: 2, Result.FAILED: 1}
    assert not report.is_complete
    assert "F800002.xml" in caplog.text


def test_a_sheet_that_the_database_refuses_does_not_sink_its_batch(tmp_path, monkeypatch, caplog):
    write(tmp_path / "in", 3)
    take_step = actions.take_step

    def choosy(step, run, **options):
        if any(one.ref == "F800002" for one in step.read):
            raise importing.DataError("too long")
        return take_step(step, run, **options)

    monkeypatch.setattr(importing.actions, "take_step", choosy)

    assert take(tmp_path / "in").counts == {Result.NEW: 2, Result.FAILED: 1}


def test_a_full_disk_is_said_in_a_sentence_and_leaves_no_half_batch(tmp_path, monkeypatch):
    write(tmp_path / "in", 3)

    def full(*_arguments, **_options):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(importing.actions.national, "_store", full)

    with pytest.raises(Refused, match="disk is full"):
        take(tmp_path / "in")
    assert Sheet.objects.count() == 0


def test_lines_and_their_faults_are_reported_by_number(tmp_path):
    good = '{"id": "F1", "title": "Un", "text": "Oui."}'
    rows = ["\ufeff" + good, "", "{oops", good.replace("F1", "F2"), good]
    (tmp_path / "x.jsonl").write_text("\n".join(rows), encoding="utf-8")

    report = take(tmp_path / "x.jsonl")

    assert [(f.line, f.result) for f in sorted(report.files, key=lambda f: f.line or 0)] == [
        (1, Result.NEW),
        (3, Result.BROKEN),
        (4, Result.NEW),
        (5, Result.EXPLAINED),
    ]


def archive(path: Path, files: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return path


def test_an_archive_is_read_like_a_folder(tmp_path):
    files = {
        "vosdroits/F800001.xml": samples.publication(samples.BODY, ref="F800001"),
        "vosdroits/N1.xml": samples.publication(ref="N1"),
        "vosdroits/x.jsonl": '{"id": "F3", "title": "Trois", "text": "Oui."}\n',
        "inner.zip": b"PK\x03\x04",
    }

    report = take(archive(tmp_path / "a.zip", files))

    assert report.counts == {Result.NEW: 3, Result.EXPLAINED: 1}
    assert Sheet.objects.get(ref="F800001").source_note.count("F800001.xml") == 1


@pytest.mark.parametrize("name", ["/etc/F1.xml", "../F1.xml", "a/../../F1.xml", "C:\\F1.xml"])
def test_an_archive_that_points_outside_is_refused_whole(tmp_path, name):
    files = {"F2.xml": samples.publication(ref="F2"), name: samples.publication()}

    with pytest.raises(Refused):
        take(archive(tmp_path / "a.zip", files))
    assert Sheet.objects.count() == 0


def test_an_archive_that_grows_a_hundredfold_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"F1\.xml"):
        take(archive(tmp_path / "a.zip", {"F1.xml": b" " * 5_000_000}))


def test_an_archive_with_too_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_FILES", 3)

    with pytest.raises(Refused):
        take(archive(tmp_path / "a.zip", {f"{n}.xml": "x" for n in range(4)}))


def test_an_archive_that_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(sources, "MAX_TOTAL", 100)

    with pytest.raises(Refused):
        take(archive(tmp_path / "a.zip", {"1.xml": os.urandom(200)}))


def test_a_damaged_archive_loses_only_the_damaged_file(tmp_path):
    files = {f"F{n}.xml": samples.publication(ref=f"F{n}") for n in (1, 2)}
    path = archive(tmp_path / "a.zip", files)
    content = bytearray(path.read_bytes())
    content[60:90] = bytes(30)
    path.write_bytes(content)

    assert take(path).counts == {Result.BROKEN: 1, Result.NEW: 1}


def test_the_exit_code_says_whether_everything_was_taken_or_explained(tmp_path):
    write(tmp_path / "in", 2)
    assert command(tmp_path / "in") == 0
    (tmp_path / "in" / "F800001.xml").write_text("", encoding="utf-8")
    (tmp_path / "alone.xml").write_text("<a", encoding="utf-8")

    assert command(tmp_path / "in") == 0
    assert command("--strict", tmp_path / "in") == 1
    assert command("--atomic", tmp_path / "in") == 1
    assert command(tmp_path / "alone.xml") == 1
    assert command(tmp_path / "nothing-here") == 1


def test_the_report_can_be_kept_as_a_table(tmp_path):
    write(tmp_path / "in", 1)
    (tmp_path / "in" / "F9.xml").write_text("<a", encoding="utf-8")

    command("--report", tmp_path / "report.csv", tmp_path / "in")

    rows = (tmp_path / "report.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "file;line;result;sheet;reason"
    assert "F800001.xml;;new;F800001;" in rows
    assert any(row.startswith("F9.xml;1;broken;;") for row in rows)


# One start of Python for both lives: the first one is a child that dies, the second goes on.
TWO_LIVES = """
import os, shutil, signal, sys
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from parvis.knowledge import actions, search
path, var, half = sys.argv[1:]
search.rebuild = lambda: 0
take_step = actions.take_step

def dying(step, run, **options):
    with transaction.atomic():
        files = take_step(step, run, **options)
        if step.position > 100:  # the work is done and not yet committed
            os.kill(os.getpid(), signal.SIGKILL)
    return files

child = os.fork()
if child == 0:
    actions.take_step = dying
    call_command("sheets", "import", path)
    os._exit(0)
_pid, status = os.waitpid(child, 0)
assert os.WTERMSIG(status) == signal.SIGKILL, status
shutil.copytree(var, half)
call_command("sheets", "import", path)
"""


def _lived_twice(home: Path, folder: Path) -> None:
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PARVIS_")},
        "PARVIS_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "parvis.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    places = [folder, home / "var", home / "half" / "var"]
    command = [sys.executable, "-c", TWO_LIVES, *map(str, places)]
    done = subprocess.run(command, env=environment, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr.decode()


def _held(home: Path) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    with sqlite3.connect(home / "var" / "parvis.sqlite3", timeout=20) as database:
        sheets = database.execute(
            "SELECT s.ref, v.number, v.content_hash FROM knowledge_sheet s"
            " LEFT JOIN knowledge_sheetversion v ON v.sheet_id = s.id ORDER BY 1, 2"
        ).fetchall()
        runs = database.execute("SELECT state, position, counts FROM knowledge_importrun")
        return sheets, runs.fetchall()


def _same_tables(home: Path) -> None:
    """A database of its own, empty: much quicker than every migration once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'"
        )
        tables = [sql for (sql,) in cursor.fetchall()]
    (home / "var").mkdir(parents=True)
    with sqlite3.connect(home / "var" / "parvis.sqlite3") as database:
        for sql in tables:
            database.execute(sql)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the processes share a file")
def test_an_import_that_was_killed_goes_on_to_the_same_end(tmp_path):
    write(tmp_path / "in", 150)
    (tmp_path / "in" / "F800007.xml").write_text("<a", encoding="utf-8")
    _same_tables(tmp_path / "killed")

    _lived_twice(tmp_path / "killed", tmp_path / "in")
    half, interrupted = _held(tmp_path / "killed" / "half")
    take(tmp_path / "in")

    assert len(half) == 79
    assert interrupted == [("running", 80, '{"broken": 1, "new": 79}')]
    whole, ended = _held(tmp_path / "killed")
    assert ended == [("done", 150, '{"broken": 1, "new": 149}')]
    assert whole == list(
        SheetVersion.objects.order_by("sheet__ref").values_list(
            "sheet__ref", "number", "content_hash"
        )
    )


def test_the_real_lines_are_taken_once_and_quickly(material):
    start = time.monotonic()
    report = take(material / "sheets.jsonl")
    seconds = time.monotonic() - start

    assert report.counts == {Result.NEW: 910}
    assert seconds < 910 * 120 / 3000  # 3,000 sheets in two minutes
    assert take(material / "sheets.jsonl").counts == {Result.UNCHANGED: 910}
    assert not SheetVersion.objects.filter(text="").exists()


def test_the_six_real_publications_are_read_in_full(material):
    report = take(material / "xml")

    assert report.counts == {Result.NEW: 4, Result.EXPLAINED: 2}
    assert report.unknown == {}
    for sheet in Sheet.objects.select_related("current"):
        assert sheet.breadcrumb.count(">") >= 1
        assert sheet.reviewed_on
        assert len(sheet.current.text) > 3000
        for block in sheet.current.blocks:
            assert markup.clean(block["html"]) == block["html"]
    assert take(material / "xml").counts == {Result.UNCHANGED: 4, Result.EXPLAINED: 2}


@pytest.mark.parametrize("name", ["F2883.v3.0", "F2918.v3.3"])
def test_older_schemas_can_be_taken_alone(material, name):
    report = take(material / "xml" / f"{name}.xml")

    assert report.counts == {Result.NEW: 1}
    assert report.unknown == {}
