"""Files of every kind, and messages made to hurt whoever reads them."""

import base64
import io
import struct
import zipfile

from tests.mail.corpus import TEXT, Sample, attached, mail, parts

PDF = b"%PDF-1.7\n" + b"x" * 200
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 50


def _zip(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def winmail(name: str, content: bytes) -> bytes:
    """The smallest winmail.dat with one file."""

    def attribute(what: int, value: bytes) -> bytes:
        head = struct.pack("<BHHI", 2, what, 6, len(value))
        return head + value + struct.pack("<H", sum(value) & 0xFFFF)

    inside = attribute(0x9002, b"\0" * 14) + attribute(0x8010, name.encode() + b"\0")
    return struct.pack("<IH", 0x223E9F78, 1) + inside + attribute(0x800F, content)


def _file(name: str, given: tuple[str, bytes], files: int = 1) -> Sample:
    return Sample(
        f"file {name}",
        lambda w: mail(**parts(TEXT, given)),
        "waiting",
        "new",
        says="Voici",
        files=files,
    )  # type: ignore[arg-type]


BOMB = _zip("zeros", b"\0" * 2_000_000)
NESTED = ("Content-Type: message/rfc822", b"From: a@example.net\nSubject: dedans\n\nBonjour\n")
FILES = [
    _file("pdf", attached("piece.pdf", PDF, "application/pdf")),
    _file("png called pdf", attached("piece.pdf", PNG, "application/pdf")),
    _file("html", attached("page.html", b"<script>alert(1)</script>", "text/html")),
    _file("svg", attached("dessin.svg", b"<svg onload='alert(1)'/>", "image/svg+xml")),
    _file("program", attached("photo.jpg.exe", b"MZ\0\0", "image/jpeg")),
    _file("script", attached("x.js", b"alert(1)")),
    _file("bomb", attached("bombe.zip", BOMB, "application/zip")),
    _file("bomb in bomb", attached("bombe.zip", _zip("b.zip", BOMB), "application/zip")),
    _file("path", attached("../../etc/passwd", PDF)),
    _file("windows path", attached("C:\\Windows\\x.pdf", PDF)),
    _file("reserved name", attached("CON", PDF)),
    _file("direction", attached("photo\u202egpj.exe", b"MZ")),
    _file("long name", attached("a" * 4000 + ".pdf", PDF)),
    _file("no name", ("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment", base64.encodebytes(PDF))),
    _file("encoded name", ('Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename="=?utf-8?q?pi=C3=A8ce.pdf?="', base64.encodebytes(PDF))),
    _file("continued name", ("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*0*=utf-8''pi%C3%A8; filename*1*=ce.pdf", base64.encodebytes(PDF))),
    _file("continued path", ("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*0=../../; filename*1=etc/passwd", base64.encodebytes(PDF))),
    _file("name in a lost charset", ("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename*=x-lost''a%FF.pdf", base64.encodebytes(PDF))),
    _file("broken base64", ("Content-Type: application/pdf\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.pdf", base64.b64encode(PDF)[:-3] + b"!!")),
    _file("unknown encoding", ("Content-Type: application/pdf\nContent-Transfer-Encoding: x-mystery\nContent-Disposition: attachment; filename=a.pdf", PDF)),
    _file("message inside", NESTED),
    _file("winmail", attached("winmail.dat", winmail("plan.pdf", PDF), "application/ms-tnef")),
    _file("winmail damaged", attached("winmail.dat", winmail("plan.pdf", PDF)[:30], "application/ms-tnef")),
    _file("calendar", attached("invite.ics", b"BEGIN:VCALENDAR", "text/calendar")),
    _file("empty", attached("vide.pdf", b""), files=0),
    Sample("files ninety", lambda w: mail(**parts(TEXT, *(attached(f"{n}.pdf", PDF) for n in range(90)))), "waiting", "new", files=90),  # type: ignore[arg-type]
    Sample("files ten thousand", lambda w: mail(**parts(TEXT, *(attached(f"{n}.pdf", b"x") for n in range(10_000)))), "quarantined", "too_many_parts"),  # type: ignore[arg-type]
    Sample("files two hundred", lambda w: mail(**parts(TEXT, *(attached(f"{n}.pdf", b"x") for n in range(200)))), "quarantined", "too_many_files"),  # type: ignore[arg-type]
]  # fmt: skip


def _nested(depth: int) -> bytes:
    inside = b"Content-Type: text/plain\r\n\r\nau fond\r\n"
    for level in range(depth):
        sign = f"b{level}".encode()
        head = b'Content-Type: multipart/mixed; boundary="' + sign + b'"\r\n\r\n--' + sign + b"\r\n"
        inside = head + inside + b"--" + sign + b"--\r\n"
    return b"From: g@example.net\r\nSubject: x\r\nMIME-Version: 1.0\r\n" + inside


DEEP_HTML = "<div>" * 100_000 + "oui"
HOSTILE = [
    Sample("nested twenty", lambda w: _nested(20), "waiting", "new", says="au fond"),
    Sample("nested fifty", lambda w: _nested(50), "quarantined", "too_deep"),
    Sample("nested 1500", lambda w: _nested(1500), "quarantined", "too_deep", in_child=True),
    Sample("same boundary 1500", lambda w: b"From: g@example.net\r\n" + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" * 1500, "quarantined", "too_many_parts"),
    Sample("100000 parts", lambda w: mail(b"--x\n\na\n" * 100_000, kind="multipart/mixed; boundary=x"), "quarantined", "too_many_parts", in_child=True),
    Sample("2000 parentheses", lambda w: mail(to="(" * 2000), "waiting", "new"),
    Sample("parentheses in From", lambda w: mail(sender="(" * 2000 + " g@example.net"), "waiting", "new"),
    Sample("140 kB of addresses", lambda w: mail(to=", ".join(f"a{n}@example.net" for n in range(7500))), "waiting", "new"),
    Sample("20000 encoded words", lambda w: mail(subject="=?utf-8?q?a?= " * 10_000), "waiting", "new", in_child=True),
    Sample("head of a megabyte", lambda w: mail(X_Long="a" * 1_000_000), "quarantined", "head_too_long"),
    Sample("5000 fields", lambda w: mail(**{f"X_{n}": "a" for n in range(5000)}), "waiting", "new"),  # type: ignore[arg-type]
    Sample("100000 quotes", lambda w: mail(kind='text/plain; x="' + '\\";' * 5000), "waiting", "new"),
    Sample("deep html", lambda w: mail(DEEP_HTML, kind="text/html"), "waiting", "new", says="oui", in_child=True),
    Sample("unclosed tags", lambda w: mail("<" * 300_000, kind="text/html"), "waiting", "new"),
    Sample("unclosed comments", lambda w: mail("<!--" * 100_000 + "-->oui", kind="text/html"), "waiting", "new"),
    Sample("unknown charset", lambda w: mail("été".encode("cp1252"), kind="text/plain; charset=x-mystery"), "waiting", "new", says="été"),
    Sample("charset that is none", lambda w: mail("Bonjour", kind="text/plain; charset=zlib"), "waiting", "new", says="Bonjour"),
    Sample("charset idna", lambda w: mail("a" * 50_000, kind="text/plain; charset=idna"), "waiting", "new"),
    Sample("empty boundary", lambda w: mail("Bonjour", kind='multipart/mixed; boundary=""'), "waiting", "new"),
    Sample("no boundary", lambda w: mail("Bonjour", kind="multipart/mixed"), "waiting", "new"),
    Sample("never closed", lambda w: mail(b"--x\nContent-Type: text/plain\n\nBonjour", kind="multipart/mixed; boundary=x"), "waiting", "new", says="Bonjour"),
    Sample("boundary with signs", lambda w: mail(b"--a.*(b\nContent-Type: text/plain\n\nBonjour\n--a.*(b--\n", kind='multipart/mixed; boundary="a.*(b"'), "waiting", "new", says="Bonjour"),
    Sample("two content types", lambda w: mail(b"Bonjour", kind="text/plain; charset=utf-8", **{"content-type": "text/html"}), "waiting", "new", says="Bonjour"),
    Sample("no head", lambda w: b"\r\n\r\nBonjour", "quarantined", "no_sender"),
    Sample("only noise", lambda w: bytes(range(256)) * 40, "quarantined", "no_sender"),
    Sample("smuggled field", lambda w: mail(subject="a\r\nBcc: x@example.net"), "waiting", "new", subject="a"),
    Sample("long line", lambda w: mail("a" * 1_000_000), "waiting", "new"),
    Sample("million lines", lambda w: mail(b"\n" * 1_000_000), "waiting", "empty"),
    Sample("quoted towers", lambda w: mail(">" * 100_000 + "\n" + "> " * 50_000), "waiting", "new"),
    Sample("uuencoded", lambda w: mail(b"begin 644 a\n#0V%T\n`\nend\n", Content_Transfer_Encoding="x-uuencode"), "waiting", "new", says="Cat"),
]  # fmt: skip
SAMPLES = [*FILES, *HOSTILE]
