"""Pictures scaled down where the author asks for it; this alone needs Pillow, which the extra `pictures` brings."""

import io

from deckbuilder.facts.pictures import FORMS, BrokenFileError

# Fine enough for print that was photographed, a fraction of what a camera writes.
_QUALITY = 85
_INSTALL = "pip install 'anki-deckbuilder[pictures]', or remove 'longest_side'"


def scaled(ending: str, data: bytes, longest_side: int) -> bytes:
    """A picture whose longer side has `longest_side` pixels, in the same form; the same bytes for the same picture.

    An animation stays as it is. Raises BrokenFileError.
    """
    try:
        from PIL import Image, ImageOps  # noqa: PLC0415 - an extra, and slow to import
    except ImportError:
        raise BrokenFileError("can be scaled by Pillow alone, which is not installed", _INSTALL) from None
    try:
        with Image.open(io.BytesIO(data)) as opened:
            if getattr(opened, "is_animated", False):
                return data
            # The camera's turn goes into the picture itself: what a camera says of it is left out, and its place too.
            upright = ImageOps.exif_transpose(opened)
            if upright.mode == "P":
                upright = upright.convert("RGBA" if "transparency" in upright.info else "RGB")
            upright.thumbnail((longest_side, longest_side), Image.Resampling.LANCZOS, reducing_gap=None)
            written = io.BytesIO()
            profile = upright.info.get("icc_profile")
            upright.save(written, FORMS[ending].name, quality=_QUALITY, optimize=True, icc_profile=profile)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BrokenFileError(f"cannot be scaled: {error}") from None
    return written.getvalue()
