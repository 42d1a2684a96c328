"""The few words that cards add to an author's own, by language."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    definition: str
    which_term: str
    complete: str
    question: str
    contrast: str
    versus: str
    image: str
    occlusion: str
    masks: str
    mechanism: str
    in_order: str
    in_reverse: str
    exceptions: str
    which_of_these: str
    as_of: str
    causes: str
    examples: str
    hint: str
    source: str
    also: str
    kind_of: str
    disputed: str
    disputed_mark: str
    retired: str
    instead: str
    retired_todo: str


_WORDS = {
    "en": Words(
        definition="Definition",
        which_term="Which term?",
        complete="Fill in",
        question="Question",
        contrast="Tell apart",
        versus="{} or {}?",
        image="What is this?",
        occlusion="What is marked here?",
        masks="Show or hide the masks",
        mechanism="Mechanism",
        in_order="In order",
        in_reverse="In reverse order",
        exceptions="Exceptions",
        which_of_these="Which of these?",
        as_of="As of",
        causes="Causes",
        examples="Examples",
        hint="Hint",
        source="Source",
        also="Also called",
        kind_of="A kind of",
        disputed="Disputed: sources disagree. See the note on the back.",
        disputed_mark="(disputed)",
        retired="Withdrawn from the deck.",
        instead="Instead",
        retired_todo="Suspend or delete this card.",
    ),
    "de": Words(
        definition="Definition",
        which_term="Welcher Begriff?",
        complete="Ergänze",
        question="Frage",
        contrast="Unterscheide",
        versus="{} oder {}?",
        image="Was ist das?",
        occlusion="Was ist hier markiert?",
        masks="Masken zeigen oder verbergen",
        mechanism="Mechanismus",
        in_order="Der Reihe nach",
        in_reverse="Rückwärts",
        exceptions="Ausnahmen",
        which_of_these="Was davon?",
        as_of="Stand:",
        causes="Ursachen",
        examples="Beispiele",
        hint="Hinweis",
        source="Quelle",
        also="Auch genannt",
        kind_of="Eine Art von",
        disputed="Umstritten: Die Quellen sind uneins. Siehe Anmerkung auf der Rückseite.",
        disputed_mark="(umstritten)",
        retired="Aus dem Stapel zurückgezogen.",
        instead="Stattdessen",
        retired_todo="Setze diese Karte aus oder lösche sie.",
    ),
    "fr": Words(
        definition="Définition",
        which_term="Quel terme ?",
        complete="Compléter",
        question="Question",
        contrast="Distinguer",
        versus="{} ou {}\N{NO-BREAK SPACE}?",
        image="Qu'est-ce que c'est ?",
        occlusion="Qu'est-ce qui est marqué ici ?",
        masks="Montrer ou cacher les masques",
        mechanism="Mécanisme",
        in_order="Dans l'ordre",
        in_reverse="À rebours",
        exceptions="Exceptions",
        which_of_these="Lequel de ceux-ci ?",
        as_of="État :",
        causes="Causes",
        examples="Exemples",
        hint="Indice",
        source="Source",
        also="Aussi appelé",
        kind_of="Une sorte de",
        disputed="Discuté : les sources divergent. Voir la remarque au verso.",
        disputed_mark="(discuté)",
        retired="Retiré du paquet.",
        instead="À la place",
        retired_todo="Suspendez ou supprimez cette carte.",
    ),
    "es": Words(
        definition="Definición",
        which_term="¿Qué término?",
        complete="Completa",
        question="Pregunta",
        contrast="Distingue",
        versus="¿{} o {}?",
        image="¿Qué es esto?",
        occlusion="¿Qué está marcado aquí?",
        masks="Mostrar u ocultar las máscaras",
        mechanism="Mecanismo",
        in_order="En orden",
        in_reverse="En orden inverso",
        exceptions="Excepciones",
        which_of_these="¿Cuál de estos?",
        as_of="Datos de",
        causes="Causas",
        examples="Ejemplos",
        hint="Pista",
        source="Fuente",
        also="También llamado",
        kind_of="Un tipo de",
        disputed="Discutido: las fuentes discrepan. Véase la nota del reverso.",
        disputed_mark="(discutido)",
        retired="Retirada del mazo.",
        instead="En su lugar",
        retired_todo="Suspende o borra esta tarjeta.",
    ),
    "pt": Words(
        definition="Definição",
        which_term="Qual é o termo?",
        complete="Complete",
        question="Pergunta",
        contrast="Distinga",
        versus="{} ou {}?",
        image="O que é isto?",
        occlusion="O que está marcado aqui?",
        masks="Mostrar ou ocultar as máscaras",
        mechanism="Mecanismo",
        in_order="Por ordem",
        in_reverse="Por ordem inversa",
        exceptions="Exceções",
        which_of_these="Qual destes?",
        as_of="Dados de",
        causes="Causas",
        examples="Exemplos",
        hint="Dica",
        source="Fonte",
        also="Também chamado",
        kind_of="Um tipo de",
        disputed="Controverso: as fontes divergem. Veja a nota no verso.",
        disputed_mark="(controverso)",
        retired="Retirado do baralho.",
        instead="Em vez disso",
        retired_todo="Suspenda ou apague este cartão.",
    ),
    "ar": Words(
        definition="تعريف",
        which_term="ما المصطلح؟",
        complete="أكمل",
        question="سؤال",
        contrast="ميّز بين",
        versus="{} أم {}؟",
        image="ما هذا؟",
        occlusion="ما المُعلَّم هنا؟",
        masks="إظهار الأقنعة أو إخفاؤها",
        mechanism="الآلية",
        in_order="بالترتيب",
        in_reverse="بالترتيب العكسي",
        exceptions="الاستثناءات",
        which_of_these="أيّ من هذه؟",
        as_of="بتاريخ",
        causes="الأسباب",
        examples="أمثلة",
        hint="تلميح",
        source="المصدر",
        also="يسمى أيضًا",
        kind_of="نوع من",
        disputed="مختلف فيه: المصادر غير متفقة. انظر الملاحظة على الوجه الآخر.",
        disputed_mark="(مختلف فيه)",
        retired="سُحبت من المجموعة.",
        instead="بدلًا منها",
        retired_todo="علّق هذه البطاقة أو احذفها.",
    ),
}


def words_for(language: str) -> Words:
    """The words of a language, `pt-BR` as `pt`; English where there are none."""
    return _WORDS.get(language.split("-", 1)[0].lower(), _WORDS["en"])
