"""CSV that a spreadsheet opens as text: no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse
from django.utils.formats import get_format

from parvis.common.numbers import rounded

# What spreadsheets take for a formula, also after blanks, with the full-width twins.
_DANGEROUS = "=+-@\t\r\n＝＋－＠"


def cell(value: object) -> str:
    """A cell as text; a leading apostrophe disarms what a spreadsheet would compute."""
    if value is None:
        return ""
    if isinstance(value, bool | int):
        return str(value)
    if isinstance(value, float):
        return _plain(value)
    text = str(value).replace("\0", "")
    blanks = " \xa0\u202f\ufeff"
    if text[:1] in set("\t\r\n") or text.lstrip(blanks)[:1] in set(_DANGEROUS):
        return "'" + text
    return text


def _plain(value: float) -> str:
    """Four digits after the point at most, with the decimal mark of the reader's spreadsheet."""
    digits = f"{rounded(value, 4):f}".rstrip("0").rstrip(".")
    return digits.replace(".", str(get_format("DECIMAL_SEPARATOR", use_l10n=True)))


def csv_answer(
    name: str, header: Sequence[str], rows: Iterable[Sequence[object]], note: str = ""
) -> HttpResponse:
    """A download in UTF-8 with a mark and semicolons, as French spreadsheets expect.

    A note, such as what was left out, stands alone in the last line.
    """
    buffer = io.StringIO()
    buffer.write("\ufeff")
    writer = csv.writer(buffer, delimiter=";")
    writer.writerow([cell(title) for title in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    if note:
        writer.writerow([cell(note)])
    answer = HttpResponse(buffer.getvalue(), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
