"""Formulas as words and signs, for places that cannot set them: a list, a picture, a page without scripts."""

import re
import unicodedata

_MATH = re.compile(r"\\\((.*?)\\\)|\\\[(.*?)\\\]", re.DOTALL)
_FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_WRAPPED = re.compile(r"\\(?:ce|text|mathrm|mathbf|mathit|operatorname)\s*\{([^{}]*)\}")
_ROOT = re.compile(r"\\sqrt\s*\{([^{}]*)\}")
_RAISED = re.compile(r"\^(?:\{([^{}]*)\}|(.))")
_LOWERED = re.compile(r"_(?:\{([^{}]*)\}|(.))")
_CHEMICAL = re.compile(r"\\ce\s*\{([^{}]*)\}")
_COMMAND = re.compile(r"\\(?:([A-Za-z]+)|(.))")
_COUNT = re.compile(r"(?<=[A-Za-z)\]])(\d+)")
_CHARGE = re.compile(r"\^(\d*[+-])")
_UP = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_DOWN = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_SIGNS = (
    "cdot · times \N{MULTIPLICATION SIGN} div ÷ pm ± mp ∓ le ≤ leq ≤ ge ≥ geq ≥ ne ≠ neq ≠ approx ≈ sim ~ equiv ≡ "
    "propto ∝ infty ∞ "
    "to → rightarrow → leftarrow ← Rightarrow ⇒ leftrightarrow ↔ rightleftharpoons ⇌ sum ∑ prod ∏ int ∫ partial ∂ "
    "nabla ∇ in ∈ notin ∉ subset ⊂ cup \N{UNION} cap ∩ forall ∀ exists ∃ circ ° degree ° ldots … dots … cdots …"
)
_NAMED = dict(zip(_SIGNS.split()[::2], _SIGNS.split()[1::2], strict=True))
_DEEPEST = 8


def readable(text: str) -> str:
    r"""Visible text whose formulas, `\(x^2\)`, are written as a person would in a line: x².

    A formula that is too rich for a line loses its commands, never its letters.
    """
    return " ".join(_MATH.sub(lambda math: _words(math[1] or math[2] or ""), text).split())


def _words(math: str) -> str:
    math = _CHEMICAL.sub(lambda match: _CHARGE.sub(r"^{\1}", _COUNT.sub(r"_{\1}", match[1])), math)
    for _ in range(_DEEPEST):
        before = math
        for pattern, form in ((_WRAPPED, r"\1"), (_FRACTION, r"\1/\2"), (_ROOT, r"√\1")):
            math = pattern.sub(form, math)
        if math == before:
            break
    math = _COMMAND.sub(_sign, math)
    math = _RAISED.sub(lambda match: _moved(match[1] or match[2] or "", _UP, "^"), math)
    math = _LOWERED.sub(lambda match: _moved(match[1] or match[2] or "", _DOWN, "_"), math)
    return re.sub(r"[{}]", "", math).strip()


def _sign(command: re.Match[str]) -> str:
    """A command by name as its sign or its name; one that is a sign is that sign, or a space."""
    name, sign = str(command[1] or ""), str(command[2] or "")
    if name:
        return _NAMED.get(name) or _greek(name) or name
    return sign if sign in "%$&#_" else " "


def _greek(name: str) -> str:
    """The letter of this name, or nothing; Unicode spells lambda in its own way."""
    case = "CAPITAL" if name[0].isupper() else "SMALL"
    letter = name.lower().removeprefix("var").replace("lambda", "lamda")
    try:
        return unicodedata.lookup(f"GREEK {case} LETTER {letter}")
    except KeyError:
        return ""


def _moved(text: str, table: dict[int, int], sign: str) -> str:
    """Raised or lowered where there are such signs; otherwise as one types it."""
    if all(ord(one) in table for one in text):
        return text.translate(table)
    return text if sign == "^" and text == "°" else f"{sign}{text}"
