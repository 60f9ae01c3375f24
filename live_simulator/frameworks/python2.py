"""Stand-ins for what scripts for Live 10 and 11 import of `future` and `past`, which Live brings along."""

from __future__ import annotations

import itertools
from functools import reduce
from typing import Any

long = int
unicode = str
basestring = str
string_types = (str,)
integer_types = (int,)
text_type = str
PY2, PY3 = False, True

zip_longest = itertools.zip_longest
filterfalse = itertools.filterfalse


def old_div(one: Any, other: Any) -> Any:
    """Division of Python 2: whole numbers stay whole."""
    return one // other if isinstance(one, int) and isinstance(other, int) else one / other


def iteritems(mapping: Any) -> Any:
    return iter(mapping.items())


def itervalues(mapping: Any) -> Any:
    return iter(mapping.values())


def iterkeys(mapping: Any) -> Any:
    return iter(mapping.keys())


def with_metaclass(metaclass: Any, *bases: type) -> Any:
    return metaclass("with_metaclass", bases, {})


def raise_(error: Any, value: Any = None, traceback: Any = None) -> None:
    raise error(value) if isinstance(error, type) else error


class StandardLibrary:
    """`from future import standard_library`: on Python 3 there is nothing to alias."""

    @staticmethod
    def install_aliases() -> None: ...


standard_library = StandardLibrary()

NAMES: dict[str, dict[str, Any]] = {
    "future": {"standard_library": standard_library},
    "future.utils": {
        "PY2": PY2,
        "PY3": PY3,
        "string_types": string_types,
        "integer_types": integer_types,
        "text_type": text_type,
        "iteritems": iteritems,
        "itervalues": itervalues,
        "iterkeys": iterkeys,
        "with_metaclass": with_metaclass,
        "raise_": raise_,
    },
    "future.moves": {},
    "future.moves.itertools": {"zip_longest": zip_longest, "filterfalse": filterfalse},
    "past": {},
    "past.builtins": {"long": long, "unicode": unicode, "basestring": basestring, "xrange": range, "reduce": reduce},
    "past.utils": {"old_div": old_div},
}
