"""Messages that name a case: by right, by chance and by deceit."""

from tests.mail.corpus import BOX, ODETTE, STRANGER, Sample, World, encoded, mail

HER = f"Odette Vasseur <{ODETTE}>"


def _mine(name: str, reason: str, make: object, **more: object) -> Sample:
    return Sample(f"mine {name}", make, "threaded", reason, case="windows", **more)  # type: ignore[arg-type]


def _apart(name: str, reason: str, make: object, **more: object) -> Sample:
    return Sample(f"apart {name}", make, "quarantined", reason, case="windows", **more)  # type: ignore[arg-type]


def _new(name: str, make: object) -> Sample:
    return Sample(f"no case {name}", make, "waiting", "new")  # type: ignore[arg-type]


def _reply_to(world: World) -> str:
    return world.reply_to


def _shaken(address: str) -> str:
    """A signed address with one wrong sign in the signature."""
    local, _at, domain = address.partition("@")
    wrong = "a" if local[-1] != "a" else "b"
    return f"{local[:-1]}{wrong}@{domain}"


SAMPLES = [
    _mine("by envelope", "address", lambda w: mail(sender=HER), envelope_to=_reply_to),
    _mine("by To", "address", lambda w: mail(sender=HER, to=w.reply_to)),
    _mine("by Cc", "address", lambda w: mail(sender=HER, to="x@example.net", Cc=w.reply_to)),
    _mine("by Delivered-To", "address", lambda w: mail(sender=HER, Delivered_To=w.reply_to)),
    _mine("upper case address", "address", lambda w: mail(sender=HER, to=w.reply_to.upper())),
    _mine("sender in other case", "address", lambda w: mail(sender="ODETTE@Example.ORG", to=w.reply_to)),
    _mine("in reply to", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=w.message_id)),
    _mine("in reply to with words", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=f"Your message {w.message_id} of today")),
    _mine("references", "references", lambda w: mail(sender=HER, References=w.message_id)),
    _mine("references in a chain", "references", lambda w: mail(sender=HER, References=f"<a@x> {w.message_id} <b@x>")),
    _mine("references folded", "references", lambda w: mail(sender=HER, References=f"<a@x>\r\n\t{w.message_id}\r\n <b@x>")),
    _mine("references 200 long", "references", lambda w: mail(sender=HER, References=" ".join([w.message_id, *(f"<{n}@x>" for n in range(60))]))),
    _mine("mark in subject", "subject", lambda w: mail(sender=HER, subject=f"Re: ma demande {w.mark}")),
    _mine("mark in encoded subject", "subject", lambda w: mail(sender=HER, subject=encoded(f"Ré: été {w.mark}"))),
    _mine("mark in small letters", "subject", lambda w: mail(sender=HER, subject=w.mark.lower())),
    _mine("everything at once", "address", lambda w: mail(sender=HER, to=w.reply_to, In_Reply_To=w.message_id, References=w.message_id, subject=w.mark)),
    _mine("with quoted words", "in_reply_to", lambda w: mail("Merci beaucoup.\n\nLe 24/11/2026, Nadia a écrit :\n> bonjour\n", sender=HER, In_Reply_To=w.message_id), says="Merci beaucoup.", history=True),
    _mine("html answer", "in_reply_to", lambda w: mail("<p>Merci <b>beaucoup</b></p>", kind="text/html", sender=HER, In_Reply_To=w.message_id), says="Merci beaucoup"),
    _mine("without words", "in_reply_to", lambda w: mail("", sender=HER, In_Reply_To=w.message_id)),
    _mine("by a list", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=w.message_id, List_Id="<x.example.net>")),
    _mine("precedence bulk", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=w.message_id, Precedence="bulk")),
    _mine("auto-submitted no", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=w.message_id, Auto_Submitted="no")),
    _mine("very long", "in_reply_to", lambda w: mail("mot " * 4000, sender=HER, In_Reply_To=w.message_id)),
    _apart("stranger by address", "stranger", lambda w: mail(to=w.reply_to)),
    _apart("stranger by envelope", "stranger", lambda w: mail(), envelope_to=_reply_to),
    _apart("stranger in reply to", "stranger", lambda w: mail(In_Reply_To=w.message_id)),
    _apart("stranger with forged references", "stranger", lambda w: mail(References=f"<x@y> {w.message_id}")),
    _apart("stranger with the mark", "stranger", lambda w: mail(subject=w.mark)),
    _apart("odette only as a name", "stranger", lambda w: mail(sender=f'"{ODETTE}" <evil@example.net>', In_Reply_To=w.message_id)),
    _apart("odette in Reply-To", "stranger", lambda w: mail(Reply_To=ODETTE, In_Reply_To=w.message_id)),
    _apart("odette as second sender", "stranger", lambda w: mail(sender=f"evil@example.net, {ODETTE}", In_Reply_To=w.message_id)),
    _apart("look-alike domain", "stranger", lambda w: mail(sender="odette@example.org.evil.example", In_Reply_To=w.message_id)),
    _apart("plus address of odette", "stranger", lambda w: mail(sender="odette+x@example.org", In_Reply_To=w.message_id)),
    _apart("two cases", "two_cases", lambda w: mail(sender=HER, to=w.reply_to, In_Reply_To=w.other_id)),
    _apart("dmarc fails", "forged", lambda w: mail(sender=HER, In_Reply_To=w.message_id, Authentication_Results="mx.sainte-orvanne.example; dmarc=fail header.from=example.org")),
    _mine("dmarc of somebody else", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=w.message_id, Authentication_Results="mx.evil.example; dmarc=fail")),
    _mine("dmarc passes", "in_reply_to", lambda w: mail(sender=HER, In_Reply_To=w.message_id, Authentication_Results="mx.sainte-orvanne.example; dmarc=pass")),
    _new("reference in the subject", lambda w: mail(sender=HER, subject=f"Demande {w.reference}")),
    _new("reference of a stranger", lambda w: mail(subject=f"[{w.reference}]")),
    _new("reference in the text", lambda w: mail(f"Ma référence : {w.reference}", sender=HER)),
    _new("wrong signature in address", lambda w: mail(sender=HER, to=_shaken(w.reply_to))),
    _new("wrong mark", lambda w: mail(sender=HER, subject=w.mark[:-2] + ("a]" if w.mark[-2] != "a" else "b]"))),
    _new("same subject as ours", lambda w: mail(sender=HER, subject="Votre demande est enregistrée")),
    _new("unknown message", lambda w: mail(sender=HER, In_Reply_To="<never@sainte-orvanne.example>")),
    _new("first by odette", lambda w: mail(sender=HER)),
    _new("reference with a plus and no signature", lambda w: mail(sender=HER, to=BOX.replace("@", f"+{w.reference}@"))),
    Sample("stranger to the other case", lambda w: mail(sender=HER, to=w.other_reply_to), "quarantined", "stranger", case="copy"),
    Sample("odette in the other thread", lambda w: mail(sender=HER, References=w.other_id), "quarantined", "stranger", case="copy"),
    Sample("stranger, no case", lambda w: mail(sender=STRANGER), "waiting", "new"),
]  # fmt: skip
