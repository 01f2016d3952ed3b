"""Ordinary messages: character sets, structures, what is quoted."""

import base64

from tests.mail.corpus import BOX, Sample, World, encoded, mail, parts, quoted

SAID = "Où déposer le dossier d’été à Noël ? Ça coûte 12 €."
LATIN = "Où déposer le dossier d'été à Noël ? Ça coûte 12 F."


def _charset(name: str, codec: str, text: str, how: str = "8bit") -> Sample:
    content = text.encode(codec)
    if how == "quoted-printable":
        content = quoted(text, codec)
    elif how == "base64":
        content = base64.encodebytes(content)

    def make(world: World) -> bytes:
        return mail(content, kind=f"text/plain; charset={name}", Content_Transfer_Encoding=how)

    return Sample(f"charset {name} as {codec}, {how}", make, "waiting", "new", says=text[:12])


CHARSETS = [
    _charset(name, codec, text, how)
    for name, codec, text in (
        ("utf-8", "utf-8", SAID), ("UTF8", "utf-8", SAID), ('"utf-8"', "utf-8", SAID),
        ("iso-8859-1", "latin-1", LATIN), ("iso-8859-15", "iso-8859-15", LATIN + " €"),
        ("windows-1252", "cp1252", SAID), ("iso-8859-1", "cp1252", SAID),
        ("us-ascii", "cp1252", SAID), ("macintosh", "mac-roman", LATIN),
        ("iso-8859-2", "iso-8859-2", "Dzień dobry, dziękuję"), ("koi8-r", "koi8-r", "Здравствуйте, вопрос"),
        ("windows-1251", "cp1251", "Здравствуйте, вопрос"), ("iso-2022-jp", "iso-2022-jp", "こんにちは、質問です"),
        ("shift_jis", "cp932", "こんにちは、質問です"), ("gb2312", "gb18030", "你好，我有一个问题"),
        ("big5", "big5", "你好，我有一個問題"), ("windows-1256", "cp1256", "صباح الخير سؤال"),
        ("utf-16", "utf-16", SAID),
    )
    for how in ("8bit", "base64")
    if (name, how) != ("utf-16", "8bit")
]  # fmt: skip
QUOTED = [
    _charset(name, codec, text, "quoted-printable")
    for name, codec, text in (
        ("utf-8", "utf-8", SAID), ("iso-8859-1", "latin-1", LATIN), ("windows-1252", "cp1252", SAID),
    )
]  # fmt: skip


def _subject(name: str, given: str, wanted: str) -> Sample:
    return Sample(
        f"subject {name}", lambda world: mail(subject=given), "waiting", "new", subject=wanted
    )


SUBJECTS = [
    _subject("utf-8 q", "=?utf-8?q?=C3=A9tat_civil?=", "état civil"),
    _subject("utf-8 b", "=?UTF-8?B?w6l0YXQgY2l2aWw=?=", "état civil"),
    _subject("latin-1", "=?iso-8859-1?q?=E9tat_civil?=", "état civil"),
    _subject("two words", "=?utf-8?q?=C3=A9tat?= =?utf-8?q?_civil?=", "état civil"),
    _subject("raw utf-8", "état civil", "état civil"),
    _subject("raw latin-1", b"\xe9tat civil".decode("utf-8", "surrogateescape"), "état civil"),
    _subject("unknown charset", "=?x-mystery?q?=E9tat_civil?=", "état civil"),
    _subject("broken base64", "=?utf-8?b?w6l0YXQ!!?= civil", "état civil"),
    _subject("folded", "état\r\n civil", "état civil"),
    _subject("direction", "facture\u202efdp.exe", "facturefdp.exe"),
    _subject("control", "bon\x07jour", "bonjour"),
    _subject("long", "a" * 5000, "a" * 400),
    _subject("encoded long", encoded("démarche " * 8), ("démarche " * 8).strip()),
]


def _page(name: str, html: str, says: str, lacks: tuple[str, ...] = ()) -> Sample:
    return Sample(
        f"html {name}", lambda world: mail(html, kind="text/html; charset=utf-8"), "waiting", "new",
        says=says, html_lacks=lacks,
    )  # fmt: skip


PAGES = [
    _page("paragraphs", "<p>Bonjour</p><p>une <b>question</b></p>", "une question"),
    _page("list", "<ul><li>un acte</li><li>deux actes</li></ul>", "- deux actes"),
    _page("link", '<a href="https://example.net/x">ici</a>', "ici (https://example.net/x)"),
    _page("table", "<table><tr><td>nom</td><td>Pinel</td></tr></table>", "nom Pinel"),
    _page("entities", "&eacute;tat &amp; civil &lt;b&gt;", "état & civil <b>"),
    _page("script", "<script>alert(1)</script><p>oui</p>", "oui", ("script", "alert")),
    _page("onerror", '<img src=x onerror="alert(1)"><p>oui</p>', "oui", ("onerror", "img")),
    _page("javascript link", '<a href="javascript:alert(1)">oui</a>', "oui", ("javascript",)),
    _page("data link", '<a href="data:text/html,x">oui</a>', "oui", ("data:",)),
    _page("remote image", '<img src="https://example.net/pixel.gif"><p>oui</p>', "oui", ("pixel",)),
    _page("style", '<p style="background:url(https://example.net/x)">oui</p>', "oui", ("url", "style")),
    _page("style sheet", "<style>@import 'https://example.net'</style><p>oui</p>", "oui", ("import",)),
    _page("base", '<base href="https://example.net/"><p>oui</p>', "oui", ("base",)),
    _page("form", '<form action="https://example.net"><input name=x><p>oui</p></form>', "oui", ("form", "input")),
    _page("refresh", '<meta http-equiv="refresh" content="0;url=https://example.net"><p>oui</p>', "oui", ("meta",)),
    _page("svg", "<svg><script>alert(1)</script></svg><p>oui</p>", "oui", ("svg", "alert")),
    _page("iframe", '<iframe src="https://example.net"></iframe><p>oui</p>', "oui", ("iframe",)),
    _page("mutation", '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript><p>oui</p>', "oui", ("onerror",)),
    _page("math", '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math><p>oui</p>', "oui", ("onerror", "img")),
    _page("comment", "<!--[if mso]><p>caché</p><![endif]--><p>oui</p>", "oui", ("mso",)),
    _page("unclosed", "<p>Bonjour <b>une question", "une question"),
    _page("object", '<object data="https://example.net/x.swf"></object><p>oui</p>', "oui", ("object",)),
]  # fmt: skip
PLAIN_PART = ("Content-Type: text/plain; charset=utf-8", b"La version texte.")
HTML_PART = ("Content-Type: text/html; charset=utf-8", b"<p>La version <b>riche</b>.</p>")
EMPTY_PART = ("Content-Type: text/plain; charset=utf-8", b"   ")


def _parts(
    name: str, says: str, *inside: tuple[str, bytes], kind: str = "multipart/alternative"
) -> Sample:
    return Sample(
        f"parts {name}",
        lambda world: mail(**parts(*inside, kind=kind)),
        "waiting",
        "new",
        says=says,
    )  # type: ignore[arg-type]


PARTS = [
    _parts("text before html", "La version texte.", PLAIN_PART, HTML_PART),
    _parts("html before text", "La version texte.", HTML_PART, PLAIN_PART),
    _parts("empty text", "La version riche.", EMPTY_PART, HTML_PART),
    _parts("only html", "La version riche.", HTML_PART),
    _parts("related", "La version riche.", HTML_PART, kind="multipart/related"),
    _parts("two texts", "La version texte.", PLAIN_PART, PLAIN_PART, kind="multipart/mixed"),
    _parts("signed", "La version texte.", PLAIN_PART, kind="multipart/signed"),
    _parts("unknown kind", "La version texte.", PLAIN_PART, kind="multipart/x-something"),
]


def _fold(name: str, text: str, fresh: str) -> Sample:
    return Sample(
        f"quoted {name}", lambda world: mail(text), "waiting", "new", says=fresh, history=True
    )


HISTORY = [
    _fold("le a écrit", "Merci.\n\nLe mar. 24 nov. 2026 à 10:00, Accueil <a@b.example> a écrit :\n> bonjour\n", "Merci."),
    _fold("two lines", "Merci.\n\nLe mar. 24 nov. 2026 à 10:00,\nAccueil <a@b.example> a écrit :\n> bonjour\n", "Merci."),
    _fold("on wrote", "Thanks.\n\nOn Tue, Nov 24, 2026 at 10:00 AM Accueil <a@b.example> wrote:\n> hello\n", "Thanks."),
    _fold("original message", "Merci.\n\n-----Message d'origine-----\nDe : Accueil\nEnvoyé : mardi\n", "Merci."),
    _fold("outlook", "Merci.\n\nDe : Accueil <a@b.example>\nEnvoyé : mardi 24 novembre 2026 10:00\nÀ : moi\n\nbonjour\n", "Merci."),
    _fold("original english", "Thanks.\n\n--- Original Message ---\nFrom: x\n", "Thanks."),
    _fold("only marks", "Merci.\n\n> bonjour\n> à vous\n", "Merci."),
]  # fmt: skip
SHAPES = [
    Sample("no charset", lambda w: mail("Bonjour été".encode(), kind="text/plain"), "waiting", "new", says="été"),
    Sample("no content type", lambda w: mail("Bonjour", kind="", MIME_Version=""), "waiting", "new", says="Bonjour"),
    Sample("lf only", lambda w: mail("Bonjour\nà tous", end="\n"), "waiting", "new", says="à tous"),
    Sample("cr only", lambda w: mail("Bonjour à tous", end="\r"), "waiting", "new", says="Bonjour"),
    Sample("flowed", lambda w: mail("Une longue \nphrase.\n", kind="text/plain; charset=utf-8; format=flowed"), "waiting", "new", says="longue phrase"),
    Sample("mbox line", lambda w: b"From gaspard Tue Nov 24 10:00:00 2026\r\n" + mail(), "waiting", "new", says="question"),
    Sample("no message id", lambda w: mail(Message_ID=""), "waiting", "new"),
    Sample("no date", lambda w: mail(Date=""), "waiting", "new"),
    Sample("date of 1601", lambda w: mail(Date="Mon, 1 Jan 1601 00:00:00 +0000"), "waiting", "new"),
    Sample("date nonsense", lambda w: mail(Date="demain"), "waiting", "new"),
    Sample("no subject", lambda w: mail(subject=""), "waiting", "new", subject=""),
    Sample("no words", lambda w: mail(""), "waiting", "empty"),
    Sample("no sender", lambda w: mail(sender=""), "quarantined", "no_sender"),
    Sample("sender nonsense", lambda w: mail(sender="moi"), "quarantined", "no_sender"),
    Sample("group sender", lambda w: mail(sender="undisclosed-recipients:;"), "quarantined", "no_sender"),
    Sample("sender by Sender", lambda w: mail(sender="", **{"Sender": "x@example.net"}), "waiting", "new"),
    Sample("two senders", lambda w: mail(sender="a@example.net, b@example.net"), "waiting", "new"),
    Sample("name with comma", lambda w: mail(sender='"Pinel, Gaspard" <g@example.net>'), "waiting", "new"),
    Sample("accents in address", lambda w: mail(sender="René <rené@example.net>"), "waiting", "new"),
    Sample("other mailbox in cc", lambda w: mail(to="x@example.net", Cc=BOX), "waiting", "new"),
    Sample("unknown recipient", lambda w: mail(to="x@example.net"), "waiting", "new", envelope_to=""),
    Sample("nul bytes", lambda w: mail("Bonjour\0 à tous"), "waiting", "new", says="Bonjour à tous"),
    Sample("combining heap", lambda w: mail("e" + "\u0301" * 500 + "tat"), "waiting", "new", says="tat"),
    Sample("pgp", lambda w: mail("-----BEGIN PGP MESSAGE-----\n\nhQ==\n"), "waiting", "new"),
    Sample("formula name", lambda w: mail(sender='"=HYPERLINK(1)" <g@example.net>'), "waiting", "new"),
    Sample("script name", lambda w: mail(sender='"<script>alert(1)</script>" <g@example.net>'), "waiting", "new"),
]  # fmt: skip
SAMPLES = [*CHARSETS, *QUOTED, *SUBJECTS, *PAGES, *PARTS, *HISTORY, *SHAPES]
