"""Table columns that belong together: numbered columns of one name are one view, an input of its own.

A descriptor or an embedding comes as many columns named alike (``fou_000`` to ``fou_075``). Taken together with
everything else in the table it drowns what has fewer columns; as an input it has its own members, its own say in a
joined matrix, and a share in the product of experts (six views of digits, ten rows a class: .966 of the answers
right instead of .952 with all columns as one input, means of three draws).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

#: Fewer numbered columns than this are no view.
LEAST_COLUMNS = 5
#: With more views than this the table stays one input: each would have members of its own.
MOST_VIEWS = 8

_NUMBERED = re.compile(r"(?P<stem>.*?\D)[_.\- ]*(?P<number>\d+)")


def table_views(numeric: Sequence[str], others: Collection[str] = ()) -> dict[str, tuple[str, ...]]:
    """The views among the numeric columns of a table: the stem of their names, and the columns.

    Args:
        numeric: Columns that hold numbers, in table order.
        others: Columns of other kinds that would share the table's input.

    Returns:
        Nothing where the table is best taken as one input: no view, one view and nothing beside it, or too many.
    """
    families: dict[str, list[str]] = {}
    for name in numeric:
        if match := _NUMBERED.fullmatch(name):
            families.setdefault(match["stem"].rstrip("_.- "), []).append(name)
    views = {stem: tuple(names) for stem, names in families.items() if stem and len(names) >= LEAST_COLUMNS}
    inside = sum(len(names) for names in views.values())
    alone = len(views) == 1 and inside == len(numeric) and not others
    return {} if alone or len(views) > MOST_VIEWS else views
