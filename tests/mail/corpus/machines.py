"""What machines write: absences, lists, reports of mail servers, our own words coming back."""

from tests.mail.corpus import BOX, ODETTE, Sample, World, mail, parts

HER = f"Odette Vasseur <{ODETTE}>"


def _machine(
    name: str,
    reason: str = "machine",
    case: str = "",
    envelope_from: str = "x@example.net",
    **fields: str,
) -> Sample:
    return Sample(
        f"machine {name}", lambda world: mail(**fields), "automatic", reason, case=case,  # type: ignore[arg-type]
        envelope_from=envelope_from,
    )  # fmt: skip


def report(
    world: World,
    *,
    action: str = "failed",
    status: str = "5.1.1",
    recipient: str = ODETTE,
    original: str | None = None,
    kind: str = "multipart/report; report-type=delivery-status",
    headers_only: bool = False,
    to: str = BOX,
) -> bytes:
    """What a mail server writes when a message did not arrive (RFC 3464)."""
    original = world.message_id if original is None else original
    inside = f"From: {BOX}\nTo: {ODETTE}\nMessage-ID: {original}\nSubject: Votre demande\n\n"
    given = parts(
        ("Content-Type: text/plain", b"Je suis le serveur de messagerie."),
        (
            "Content-Type: message/delivery-status",
            f"Reporting-MTA: dns; mx.example.org\n\nFinal-Recipient: rfc822; {recipient}\nAction: {action}\nStatus: {status}\nDiagnostic-Code: smtp; 550 {status} rien a faire".encode(),
        ),
        (
            f"Content-Type: {'text/rfc822-headers' if headers_only else 'message/rfc822'}",
            inside.encode(),
        ),
        kind=kind,
    )  # fmt: skip
    return mail(
        sender="MAILER-DAEMON@mx.example.org",
        subject="Undelivered Mail",
        to=to,
        Return_Path="<>",
        **given,
    )  # type: ignore[arg-type]


def _report(name: str, make: object, state: str = "bounce", **more: object) -> Sample:
    return Sample(f"report {name}", make, state, "report", envelope_from="", **more)  # type: ignore[arg-type]


def _to_return(world: World) -> str:
    return world.return_path


SAMPLES = [
    _machine("auto-replied", Auto_Submitted="auto-replied"),
    _machine("auto-generated", Auto_Submitted="auto-generated"),
    _machine("auto-notified", Auto_Submitted="auto-notified; owner-email=x"),
    _machine("upper case", Auto_Submitted="AUTO-REPLIED"),
    _machine("x-autoreply", X_Autoreply="yes"),
    _machine("x-autorespond", X_Autorespond="absence"),
    _machine("precedence auto_reply", Precedence="auto_reply"),
    _machine("empty return path", Return_Path="<>"),
    _machine("empty envelope", envelope_from=""),
    _machine("mailer-daemon", sender="MAILER-DAEMON@mx.example.net"),
    _machine("postmaster", sender="Postmaster <postmaster@example.net>"),
    _machine("newsletter", reason="list", List_Unsubscribe="<https://example.net/u>"),
    _machine("list", reason="list", List_Id="<agents.example.net>"),
    _machine("precedence bulk", reason="list", Precedence="bulk"),
    _machine("precedence list", reason="list", Precedence="list"),
    _machine("precedence junk", reason="list", Precedence="junk"),
    _machine("our own address", reason="own", sender=f"Accueil <{BOX}>"),
    _machine("our own signed address", reason="own", sender="accueil+r-234@sainte-orvanne.example"),
    Sample("own message comes back", lambda w: mail(Message_ID=w.message_id), "automatic", "own"),
    Sample("absence of odette", lambda w: mail("Je suis absente.", sender=HER, In_Reply_To=w.message_id, Auto_Submitted="auto-replied"), "automatic", "machine", case="windows"),
    Sample("absence to the signed address", lambda w: mail(sender=HER, to=w.reply_to, Auto_Submitted="auto-replied"), "automatic", "machine", case="windows"),
    Sample("absence of a stranger", lambda w: mail(In_Reply_To=w.message_id, Auto_Submitted="auto-replied"), "automatic", "machine"),
    Sample("suppress is a person", lambda w: mail(X_Auto_Response_Suppress="All"), "waiting", "new"),
    Sample("no-reply is read", lambda w: mail(sender="no-reply@example.net"), "waiting", "new"),
    _report("unknown user", lambda w: report(w), case="windows"),
    _report("headers only", lambda w: report(w, headers_only=True), case="windows"),
    _report("full mailbox", lambda w: report(w, status="5.2.2"), case="windows"),
    _report("delayed", lambda w: report(w, action="delayed", status="4.4.1"), case="windows"),
    _report("delivered", lambda w: report(w, action="delivered", status="2.0.0"), case="windows"),
    _report("by return path", lambda w: report(w, original="<lost@x>"), case="windows", envelope_to=_to_return),
    _report("without report-type", lambda w: report(w, kind="multipart/report"), case="windows"),
    _report("other recipient", lambda w: report(w, recipient="alias@example.org"), case="windows"),
    _report("of a message we never sent", lambda w: report(w, original="<never@x>"), state="automatic"),
    _report("forged return path", lambda w: report(w, original="<never@x>"), state="automatic", envelope_to="accueil+b-1-aaaaaaaaaaaaaaaa@sainte-orvanne.example"),
    Sample("report without status", lambda w: mail(Return_Path="<>", **parts(("Content-Type: text/plain", b"non"), kind="multipart/report; report-type=delivery-status")), "automatic", "machine", envelope_from=""),  # type: ignore[arg-type]
    Sample("read receipt", lambda w: mail(Auto_Submitted="auto-replied", **parts(("Content-Type: text/plain", b"lu"), ("Content-Type: message/disposition-notification", b"Disposition: manual-action/x; displayed"), kind="multipart/report; report-type=disposition-notification")), "automatic", "machine"),  # type: ignore[arg-type]
]  # fmt: skip
