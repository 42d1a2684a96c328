"""Whether two packages hold the same, however their zips were compressed."""

import io
import zipfile


def same_content(one: bytes, two: bytes) -> bool:
    """Zlib's output may differ between its versions and rebuilds; what is in the package may not."""
    if one == two:
        return True
    try:
        return _entries(one) == _entries(two)
    except (zipfile.BadZipFile, OSError):
        return False


def _entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
