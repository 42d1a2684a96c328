# ruff: noqa: INP001 - a script that action.yml runs, not part of a package
"""Reports that fit where they go."""


def shortened(text: str, longest: int, rest: str) -> str:
    """Whole lines of a report up to `longest` characters; `rest` says where the others are."""
    if len(text) <= longest:
        return text
    kept = text[:longest].rpartition("\n")[0]
    closed = "\n\n</details>" if kept.count("<details>") > kept.count("</details>") else ""
    return f"{kept}{closed}\n\n{rest}\n"
