"""The page itself, as answers to a browser."""

from importlib.resources import files

from deckbuilder.colours import COLOURS, colours
from deckbuilder.masks.begin import Beginning
from deckbuilder.serving import Answer, Handler, Request, not_found, type_of

_ASSETS = {"/": "masks.html", "/masks.css": "masks.css", "/masks.js": "masks.js", "/yaml.js": "yaml.js"}


def pages(beginning: Beginning) -> Handler:
    """What is answered for a picture. Nothing is ever written: the author takes the masks along."""

    def answer(request: Request) -> Answer:
        if request.path == "/begin.json":
            return Answer(beginning.as_json(), type_of("begin.json"))
        if request.path == "/picture":
            return Answer(beginning.data, type_of(f"picture{beginning.ending}"))
        if request.path == f"/{COLOURS}":
            return Answer(colours(), type_of(COLOURS))
        name = _ASSETS.get(request.path)
        return (
            Answer(files("deckbuilder.masks").joinpath("assets", name).read_bytes(), type_of(name))
            if name
            else not_found()
        )

    return answer
