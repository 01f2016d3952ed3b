import polib
import pytest
from scripts import messages

TEMPLATE = """{% load i18n %}
{% blocktranslate %}50% of {{ n|floatformat:0 }}{% endblocktranslate %}
{% blocktranslate trimmed count n=n context "people" %}
  one
  person{% plural %}{{ n }} persons{% endblocktranslate %}
{% translate "to close" context "verb" as close %}{% include "x.html" with label=_("Call") %}
{% comment %}{% translate "hidden" %}{% endcomment %}
{% verbatim %}{% translate "verbatim" %}{% endverbatim %}
"""
PYTHON = """
a = _("one " "sentence")
b = ngettext_lazy("%(n)d ticket", "%(n)d tickets", n)
c = pgettext("verb", "to close")
d = _(variable)
"""


def test_every_kind_of_template_tag_gives_its_sentence():
    assert list(messages._from_template(TEMPLATE)) == [
        ((None, "50%% of %(n|floatformat:0)s"), None),
        (("people", "one person"), "%(n)s persons"),
        (("verb", "to close"), None),
        ((None, "Call"), None),
    ]


def test_every_translating_function_gives_its_sentence():
    assert list(messages._from_python(PYTHON)) == [
        ((None, "one sentence"), None),
        ((None, "%(n)d ticket"), "%(n)d tickets"),
        (("verb", "to close"), None),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Voulez-vous continuer ?",
        "Voulez-vous continuer?",
        "Motif : démarche",
        "Motif: démarche",
        "Dites «bonjour»",
        "L'accueil",
    ],
)
def test_french_typography_that_is_wrong_is_told(text):
    assert list(messages._faults(polib.POEntry(msgid="x", msgstr=text), "fr"))


@pytest.mark.parametrize(
    "text",
    [
        "Voulez-vous continuer\u202f?",
        "Motif\u00a0: «\u00a0démarche\u00a0»",
        "Ouvert de 8:30 à 17:00, voir https://exemple.fr/?q=1",
        "L’accueil <a href='x'>ici</a>",
    ],
)
def test_french_typography_that_is_right_passes(text):
    assert list(messages._faults(polib.POEntry(msgid="x", msgstr=text), "fr")) == []


def test_a_lost_placeholder_is_told():
    entry = polib.POEntry(msgid="%(n)s people before you", msgstr="des personnes avant vous")
    assert list(messages._faults(entry, "fr")) == ["has other placeholders than its translation"]


def test_an_untranslated_or_fuzzy_sentence_is_told():
    empty = polib.POEntry(msgid="Call")
    fuzzy = polib.POEntry(msgid="Call", msgstr="Appeler", flags=["fuzzy"])
    assert list(messages._faults(empty, "fr")) == ["is not translated"]
    assert list(messages._faults(fuzzy, "fr")) == ["is fuzzy"]
