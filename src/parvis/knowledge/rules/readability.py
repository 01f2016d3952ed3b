"""Plain French, measured: sentences, words, jargon. A help for who writes, never a verdict."""

import re
from dataclasses import dataclass

LONG_SENTENCE = 20  # words; the rule of thumb of plain-language guides
LONG_WORD = 4  # syllables
SHOWN = 5
_SENTENCE = re.compile(r"[.!?…]+(?:\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyàâäéèêëîïôöùûüÿœæ]+", re.IGNORECASE)
# Words of offices that people do not use, and what they say instead.
JARGON = {
    "afférent": "qui concerne",
    "afférente": "qui concerne",
    "à l’effet de": "pour",
    "antérieurement": "avant",
    "au titre de": "pour",
    "ayant droit": "personne qui a droit à",
    "cerfa": "formulaire",
    "conformément à": "selon",
    "dans le cadre de": "pour, pendant",
    "dans les meilleurs délais": "dès que possible, avec une date",
    "de droit": "automatique",
    "dématérialisé": "en ligne",
    "dématérialisée": "en ligne",
    "diligenter": "faire",
    "dûment": "bien",
    "en application de": "selon",
    "en vue de": "pour",
    "état civil": "naissance, mariage, décès",
    "impétrant": "personne qui demande",
    "instruction du dossier": "étude du dossier",
    "le cas échéant": "si c’est votre cas",
    "mandant": "personne qui donne la procuration",
    "mandataire": "personne qui vote à votre place",
    "mainlevée": "fin de la mesure",
    "nonobstant": "malgré",
    "notifier": "prévenir par écrit",
    "pétitionnaire": "personne qui demande",
    "préalablement": "avant",
    "procéder à": "faire",
    "récépissé": "reçu",
    "relever de": "dépendre de",
    "requérant": "personne qui demande",
    "solliciter": "demander",
    "susmentionné": "déjà cité",
    "sous réserve de": "si",
    "subséquent": "suivant",
    "susvisé": "déjà cité",
    "téléprocédure": "démarche en ligne",
    "téléservice": "démarche en ligne",
    "ultérieurement": "plus tard",
    "usager": "vous, la personne",
}
_JARGON = re.compile(
    r"\b(" + "|".join(re.escape(w).replace("’", "[’']") for w in sorted(JARGON, key=len)[::-1])
    + r")s?\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True)
class Reading:
    """How easily a text is read, and what makes it hard."""

    score: int  # 0 hard to 100 easy
    words: int
    sentences: int
    long_sentences: tuple[str, ...]
    long_words: tuple[str, ...]
    jargon: tuple[tuple[str, str], ...]

    @property
    def grade(self) -> str:
        """Easy, fair or hard."""
        if self.score >= 60:
            return "easy"
        return "fair" if self.score >= 40 else "hard"

    @property
    def words_per_sentence(self) -> int:
        return round(self.words / max(self.sentences, 1))


def reading(text: str) -> Reading | None:
    """Read a text as somebody in a hurry would; None when there is nothing to read."""
    sentences = [s.strip() for s in _SENTENCE.split(text) if _WORD.search(s)]
    words = _WORD.findall(text)
    if not words or not sentences:
        return None
    beats = [syllables(word) for word in words]
    # Kandel and Moles: the formula of Flesch with the weights of French.
    score = 207 - 1.015 * len(words) / len(sentences) - 73.6 * sum(beats) / len(words)
    long_words = [w for w, n in zip(words, beats, strict=True) if n >= LONG_WORD]
    return Reading(
        score=max(0, min(100, round(score))),
        words=len(words),
        sentences=len(sentences),
        long_sentences=tuple(s for s in sentences if len(_WORD.findall(s)) > LONG_SENTENCE)[:SHOWN],
        long_words=tuple(dict.fromkeys(w.lower() for w in long_words))[:SHOWN],
        jargon=tuple(_jargon(text))[:SHOWN],
    )


def syllables(word: str) -> int:
    """About how many beats a French word has: groups of vowels, without the silent end."""
    bare = re.sub(r"(?<=[^aeiouyéèêàâîôû])(?:es|e|ent)$", "", word.lower())
    return max(1, len(_VOWELS.findall(bare)))


def _jargon(text: str) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for match in _JARGON.finditer(text):
        word = match[1].lower().replace("'", "’")
        found.setdefault(word, JARGON[word])
    return list(found.items())
