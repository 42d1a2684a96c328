"""The few words that a handout adds to an author's own, by language; the others are those of the cards."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HandoutWords:
    notes: str
    compared: str
    questions: str
    answers: str
    lists: str
    sources: str
    license: str
    version: str
    mistakes: str
    name: str
    date: str


_WORDS = {
    "en": HandoutWords(
        notes="Notes",
        compared="Compared",
        questions="Questions",
        answers="Answers",
        lists="Complete the list",
        sources="Sources",
        license="License",
        version="Version",
        mistakes="Found a mistake?",
        name="Name",
        date="Date",
    ),
    "de": HandoutWords(
        notes="Notizen",
        compared="Im Vergleich",
        questions="Fragen",
        answers="Antworten",
        lists="Ergänze die Liste",
        sources="Quellen",
        license="Lizenz",
        version="Version",
        mistakes="Fehler gefunden?",
        name="Name",
        date="Datum",
    ),
    "fr": HandoutWords(
        notes="Notes",
        compared="Comparaison",
        questions="Questions",
        answers="Réponses",
        lists="Compléter la liste",
        sources="Sources",
        license="Licence",
        version="Version",
        mistakes="Une erreur ?",
        name="Nom",
        date="Date",
    ),
    "es": HandoutWords(
        notes="Apuntes",
        compared="Comparación",
        questions="Preguntas",
        answers="Respuestas",
        lists="Completa la lista",
        sources="Fuentes",
        license="Licencia",
        version="Versión",
        mistakes="¿Un error?",
        name="Nombre",
        date="Fecha",
    ),
    "pt": HandoutWords(
        notes="Apontamentos",
        compared="Comparação",
        questions="Perguntas",
        answers="Respostas",
        lists="Complete a lista",
        sources="Fontes",
        license="Licença",
        version="Versão",
        mistakes="Encontrou um erro?",
        name="Nome",
        date="Data",
    ),
    "ar": HandoutWords(
        notes="ملاحظات",
        compared="مقارنة",
        questions="أسئلة",
        answers="إجابات",
        lists="أكمل القائمة",
        sources="المصادر",
        license="الترخيص",
        version="الإصدار",
        mistakes="وجدت خطأ؟",
        name="الاسم",
        date="التاريخ",
    ),
}
# Languages whose script runs from right to left (of those with two-letter codes).
_RIGHT_TO_LEFT = {"ar", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"}


def handout_words(language: str) -> HandoutWords:
    """The words of a language, `pt-BR` as `pt`; English where there are none."""
    return _WORDS.get(_main(language), _WORDS["en"])


def direction(language: str) -> str:
    """Which way lines and tables run: `ltr` or `rtl`."""
    return "rtl" if _main(language) in _RIGHT_TO_LEFT else "ltr"


def _main(language: str) -> str:
    return language.split("-", 1)[0].lower()
