"""A question without greetings, thanks and signature, and cut into its sentences."""

import re

_REST = r"[^.!?\n]*"
_POLITE = (
    rf"\b(?:avec )?(?:tous )?mes (?:sinc[eè]res |vifs )?remerciements{_REST}",
    rf"\b(?:je vous|en vous|nous vous) remerci\w+{_REST}",
    r"\b(?:d['’]avance |un grand )?merci\b"
    r"(?: beaucoup| bien| infiniment| mille fois| encore)?(?: d['’]avance| par avance)?"
    r"(?: (?:à vous|à toute|pour (?:votre|vos|ces|cette|tout)|de (?:votre|vos)|de bien vouloir)"
    rf"{_REST})?",
    rf"\b(?:dans|en) l['’]attente{_REST}",
    rf"\ben attendant (?:votre|une) r[eé]ponse{_REST}",
    rf"\b(?:veuillez|je vous prie|recevez|agr[eé]ez)\b{_REST}"
    rf"\b(?:salutations|sentiments|consid[eé]ration|hommages|respects?|agr[eé]er){_REST}",
    rf"\b(?:respectueuses |sinc[eè]res |mes )?salutations{_REST}",
    rf"\bbonne (?:journ[eé]e|soir[eé]e|r[eé]ception|fin de){_REST}",
    r"\bexcellente (?:fin de )?journ[eé]e",
    r"\b(?:bonjour|bonsoir|madame|monsieur|messieurs|mesdames|salut)\b[ ,!]*"
    r"(?:à (?:vous|tous|toutes|toute l['’][eé]quipe))?",
    r"\bje (?:me permets de )?vous (?:[eé]cris|contacte|sollicite|solliciter|[eé]crire|contacter)\b"
    r"(?: car| pour| au sujet d[eu'’]| afin de)?",
    r"\b(?:pouvez|pourriez)[- ]vous (?:s['’]il vous pla[iî]t )?(?:me |nous |m['’])?"
    r"(?:dire|indiquer|renseigner|aider|informer|[eé]clairer|pr[eé]ciser|expliquer)\b(?: sur)?",
    r"\bje (?:souhaite|souhaiterais|voudrais|voulais|d[eé]sire|d[eé]sirerais|aimerais) "
    r"(?:savoir|conna[iî]tre|avoir (?:un|des) renseignements?(?: sur)?)",
    r"\b(?:s['’]il (?:vous|te) pla[iî]t|svp|stp|si possible)\b",
    r"\bj['’]esp[eè]re que vous allez bien",
    r"\bexcusez[- ]moi(?: de vous d[eé]ranger)?",
)
_COURTESY = re.compile("|".join(_POLITE), re.IGNORECASE)
_SIGNATURE = re.compile(
    r"(?:\b(?:tr[eè]s |bien |sinc[eè]rement |sportivement )?(?:cordialement|cdt|cdlt)\b"
    r"|\bbien (?:à|a) vous\b|\brespectueusement\b|\bsinc[eè]rement\b|\bamicalement\b)[^?]{0,60}$",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


def bare(question: str) -> str:
    """The question without what is only said to be polite."""
    return _SIGNATURE.sub(" ", _COURTESY.sub(" ", _SIGNATURE.sub(" ", question)))


def sentences(question: str) -> list[str]:
    """The question cut into its sentences: words of two of them do not belong together."""
    return [sentence for sentence in _SENTENCE.split(question) if sentence.strip()]
