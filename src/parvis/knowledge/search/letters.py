"""A long question: without greetings, thanks and signature, cut where it asks.

An e-mail tells a story and asks something. The greetings say nothing; the sentence that asks says
most. Nothing is thrown away that could be the only words left.
"""

import re
from dataclasses import dataclass

STORY_WEIGHT = 0.85  # of a sentence that tells and does not ask
LONG = 12  # telling words from which a question is treated as a letter

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
_ASKS = re.compile(
    r"\?|\b(?:comment|combien|quel(?:le)?s?|est[- ]ce que|puis[- ]je|dois[- ]je|doit[- ]on"
    r"|peut[- ]\w+|faut[- ]il|ai[- ]je|ai-t-on|où|[aà] qui|que (?:faire|puis|dois)|savoir"
    r"|souhait\w*|voudrais|voudrions|aimerais|renseign\w+|droit)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Part:
    """One sentence of a question and how much its words count."""

    text: str
    weight: float


def bare(question: str) -> str:
    """The question without what is only said to be polite."""
    return _SIGNATURE.sub(" ", _COURTESY.sub(" ", _SIGNATURE.sub(" ", question)))


def parts(question: str, telling: int) -> list[Part]:
    """The sentences of a question; in a long one those that ask count more than those that tell."""
    sentences = [s for s in _SENTENCE.split(question) if s.strip()]
    asking = [bool(_ASKS.search(sentence)) for sentence in sentences]
    is_letter = telling > LONG and len(sentences) > 1 and any(asking)
    return [
        Part(sentence, 1.0 if asks or not is_letter else STORY_WEIGHT)
        for sentence, asks in zip(sentences, asking, strict=True)
    ]
