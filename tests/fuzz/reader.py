"""Fuzzing of the reader that follows coverage, with atheris: bytes that reach new code are kept and changed further.

    python tests/fuzz/reader.py [CORPUS] [-max_total_time=900] [other options of libFuzzer]

CORPUS is a folder that keeps what was found from one run to the next; it is begun with the mistakes of
tests/cases, the examples of the rules and of the docs, and the decks, concept by concept. What breaks the promise is
written to the folder where the script was called, as `crash-...`; give that file's name to see it again.
With DECKBUILDER_FUZZ_PARSER=python the YAML parser is the one in Python, whose coverage is followed too.
"""

# ruff: noqa: E402 - what is fuzzed is imported under instrumentation

import hashlib
import os
import re
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import atheris

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

with atheris.instrument_imports(include=["deckbuilder", "yaml", "markdown_it"]):
    import yaml

    from deckbuilder.check import RULES
    from deckbuilder.facts import models, plain
    from deckbuilder.facts.keys import keys_of
from tests.fuzz.promise import review_bytes

LONGEST = 8192  # bytes: room for the large example of the authoring guide
HEADING = """\
format: 1
deck: {id: birds, name: Birds}
sources: {atlas: {title: Atlas of birds}, field-guide: {title: Field guide}}
default_source: atlas
axes: {hunt: Hunts}
"""
ASKED = "classifications: {kind: {among: [owl, hawk], ask: Owl or hawk?}}\n"
SIGNS = ["[[", "]]", "{{c1::", "}}", "::", "|", ": ", "\n- ", "\n  ", "&a ", "*a", "!!str ", "<<: ", "---\n", "$", "`"]


def main() -> None:
    if os.environ.get("DECKBUILDER_FUZZ_PARSER") == "python":
        plain._LOADER = yaml.SafeLoader  # noqa: SLF001 - the choice of a parser is not open to authors
    folder = Path(tempfile.mkdtemp())
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    options = [word for word in sys.argv[1:] if word.startswith("-")]
    corpus = words or [str(folder / "corpus")]
    if not Path(corpus[0]).is_file():
        seed(Path(corpus[0]))
    dictionary = folder / "words.dict"
    dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in vocabulary()), encoding="utf-8")
    options = [f"-dict={dictionary}", f"-max_len={LONGEST}", "-timeout=20", *options]
    home = folder / "deck"
    home.mkdir()
    atheris.Setup([sys.argv[0], *options, *corpus], lambda data: review_bytes(home, data) and None)
    atheris.Fuzz()


def seed(corpus: Path) -> None:
    """Begin a corpus; a text's name is its hash, as libFuzzer has it."""
    corpus.mkdir(parents=True, exist_ok=True)
    for text in seeds():
        data = text.encode()
        corpus.joinpath(hashlib.sha1(data, usedforsecurity=False).hexdigest()).write_bytes(data)


def seeds() -> Iterator[str]:
    cases = yaml.load((ROOT / "tests/cases/mistakes.yaml").read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - texts alone
    yield from (case["facts"] for case in cases)
    for rule in RULES.values():
        for concepts in (rule.fails, rule.passes):
            heading = HEADING + (ASKED if "owl:" in concepts and "hawk:" in concepts else "")
            yield f"{heading}concepts:\n{textwrap.indent(concepts.strip(), '  ')}\n"
    for page in sorted((ROOT / "docs").rglob("*.md")):
        yield from re.findall(r"^```yaml\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    for deck in sorted((ROOT / "cards").glob("*.yaml")):
        heading, _, concepts = deck.read_text("utf-8").partition("\nconcepts:\n")
        yield heading
        one_by_one = re.split(r"^(?=  [\w-]+:\n)", concepts, flags=re.MULTILINE)
        yield from (f"{HEADING}concepts:\n{concept}" for concept in one_by_one)


def vocabulary() -> Iterator[str]:
    """The keys of the format and the signs that mean something, for the fuzzer to put together."""
    schemas = [value for value in vars(models).values() if isinstance(value, type) and issubclass(value, models.Strict)]
    yield from sorted({f"{key}: " for schema in schemas for key in keys_of(schema)})
    yield from SIGNS
    yield from sorted(RULES)


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    main()
