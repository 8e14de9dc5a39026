"""Whether a text is English at all: what the engine cannot read, it does not judge."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from amends.language.text import Text

_SMALL_WORDS = {
    "English": "the a an and of to in is are was were for on with it that this we i you our have has be been at by"
    " from as not will your my or but if so no",
    "German": "der die das und ist nicht ein eine wir ich sie es zu mit von auf für den dem im des auch war wurde"
    " haben hat sich bei nach aus werden uhr",
    "French": "le la les et est un une des du de nous je vous il elle que qui dans pour sur avec pas ne sont ce"
    " cette au aux à été avons ont été",
    "Spanish": "el la los las y es un una de del que en no se por con para su al lo como más pero nos fue ha hemos está son este esta",
    "Portuguese": "o a os as e é um uma de do da que em não se por com para seu ao como mais mas nos foi foram está são este esta",
    "Italian": "il la lo gli le e è un una di del della che in non si per con su al come più ma ci sono stato questo questa abbiamo",
    "Dutch": "de het een en is niet van ik wij we je dat die in op te met voor zijn aan er naar om bij was werd hebben heeft ook maar",
    "Polish": "i w na z do nie się jest to że o jak po za od dla przez był była były są oraz ale już",
    "Swedish": "och att det i en är som på för med inte vi jag den av till har ett om var men ni kan",
    "Turkish": "ve bir bu da de için ile olarak olan çok daha ne gibi kadar sonra ama var yok biz",
}
_CODES = {
    "German": "de",
    "French": "fr",
    "Spanish": "es",
    "Portuguese": "pt",
    "Italian": "it",
    "Dutch": "nl",
    "Polish": "pl",
    "Swedish": "sv",
    "Turkish": "tr",
}
_SCRIPTS = (
    ("\u0400", "\u04ff", "ru", "a language in Cyrillic script"),
    ("\u0590", "\u05ff", "he", "Hebrew"),
    ("\u0600", "\u06ff", "ar", "a language in Arabic script"),
    ("\u0900", "\u097f", "hi", "a language in Devanagari script"),
    ("\u3040", "\u30ff", "ja", "Japanese"),
    ("\u4e00", "\u9fff", "zh", "Chinese"),
    ("\uac00", "\ud7af", "ko", "Korean"),
    ("\u0370", "\u03ff", "el", "Greek"),
    ("\u0e00", "\u0e7f", "th", "Thai"),
)
_SAMPLE = 400
"""So many words tell the language; a longer text is not read further for it."""
_ENOUGH = 5
"""With fewer small words of another language than this, a text is given the benefit of the doubt."""


def foreign_language(text: Text) -> tuple[str, str] | None:
    """The language of a text as (code, name) where it is clearly not English, else None.

    By small words for languages in Latin script, by script for others; names and code samples in an English text do not
    turn it foreign.
    """
    words = text.words[:_SAMPLE]
    if not words:
        return None
    if not text.masked.isascii() and max(words)[0] > "\u036f":  # the last word in order begins with the furthest letter
        script = _script(words)
        if script is not None:
            return script
    english = sum(map(_ENGLISH.__contains__, words))
    if english * 8 >= len(words) or len(words) < _ENOUGH:
        return None
    counts = {language: sum(word in small for word in words) for language, small in _SMALL.items() if language != "English"}
    language = max(counts, key=lambda name: counts[name])
    if counts[language] < _ENOUGH or counts[language] <= 2 * english:
        return None
    return _CODES[language], language


def _script(words: list[str]) -> tuple[str, str] | None:
    """The script that most words begin with, if it is not Latin."""
    for low, high, code, name in _SCRIPTS:
        if sum(low <= word[0] <= high for word in words) * 2 > len(words):
            return code, name
    return None


_SMALL = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_ENGLISH = _SMALL["English"]
