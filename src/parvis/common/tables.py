"""CSV that a spreadsheet opens as text: no cell can become a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from django.http import HttpResponse

# What spreadsheets take for a formula, also after blanks, with the full-width twins.
_DANGEROUS = "=+-@\t\r\n＝＋－＠"


def cell(value: object) -> str:
    """A cell as text; a leading apostrophe disarms what a spreadsheet would compute."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)
    text = str(value).replace("\0", "")
    blanks = " \xa0\u202f\ufeff"
    if text[:1] in set("\t\r\n") or text.lstrip(blanks)[:1] in set(_DANGEROUS):
        return "'" + text
    return text


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
