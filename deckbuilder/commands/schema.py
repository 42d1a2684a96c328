"""`deckbuilder schema`: the facts format in a form that editors read."""

from importlib.resources import files
from pathlib import Path

import click

from deckbuilder.files import replace_file


@click.command(epilog="Example: deckbuilder schema -o cards/deck.schema.json")
@click.option(
    "-o",
    "--output",
    "file",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write it to this file, whose name ends in .json.",
)
def command(file: Path | None) -> int:
    """Print the facts format as a JSON Schema: with it, an editor completes keys, explains them and marks mistakes.

    docs/editors.md says how to tell your editor of it.
    """
    # The file, not the models that it is made from: it is there at once.
    schema = files("deckbuilder.facts").joinpath("schema.json").read_text(encoding="utf-8")
    if file is None:
        click.echo(schema, nl=False)
        return 0
    if file.suffix != ".json":
        raise click.BadParameter(f"{str(file)!r} does not end in .json", param_hint="--output")
    replace_file(file, schema.encode())
    click.echo(f"Wrote {file}. Put this line on top of each facts file beside it:")
    click.echo(f"# yaml-language-server: $schema={file.name}")
    return 0
