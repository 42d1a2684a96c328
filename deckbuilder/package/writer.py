"""genanki, imported without asyncio.

Of the module `cached_property` genanki takes one decorator: what it decorates is computed once and kept. The standard
library has the same one; that module also serves coroutines, and imports all of asyncio for them, which takes longer
than writing a small package. So while genanki is imported, and no longer, the standard one stands in its place.
"""

import functools
import sys
from types import ModuleType

_NAME = "cached_property"


class _Standard(ModuleType):
    cached_property = functools.cached_property


_before = sys.modules.get(_NAME)
if _before is None:
    sys.modules[_NAME] = _Standard(_NAME)
try:
    import genanki
finally:
    if _before is None:
        del sys.modules[_NAME]

__all__ = ["genanki"]
