"""The contract of a modality as a suite of checks: give it a modality and some cells, it names a broken law.

Third parties run it in the tests of their own modalities; it needs no test framework.
"""

from __future__ import annotations

from collections.abc import Collection

from polysight.data.view import Cells
from polysight.modalities.base import Modality
from polysight.modalities.encoder_laws import ENCODER_LAWS
from polysight.modalities.laws import LAWS, Case
from polysight.modalities.unit_laws import UNIT_LAWS

#: Fewer readable rows than this cannot tell a law from chance.
_FEWEST = 4


def check_modality(modality: Modality, cells: Cells, *, bad: Collection[tuple[int, str]] = ()) -> None:
    """Check every law of a modality, its augmentation, its default encoder and its units.

    Args:
        modality: The modality, with its columns, neither settled nor fitted.
        cells: Its columns in a small table: at least four rows that can be read, not all alike.
        bad: The cells that cannot be read, as (row, column); the suite empties cells by itself.

    Raises:
        AssertionError: A law is broken; the message says which one and how.

    Example:
        >>> import pandas as pd
        >>> from pathlib import Path
        >>> from polysight.modalities.tabular.modality import Tabular
        >>> ages = pd.DataFrame({"age": ["31", "47", "old", "60", "52"]})
        >>> check_modality(Tabular(columns=("age",), categorical=()), Cells(ages, Path()), bad=[(2, "age")])
    """
    case = Case(modality, cells, frozenset(bad))
    readable = int(case.view.any_present.sum())
    if readable < _FEWEST:
        raise AssertionError(f"the suite needs at least {_FEWEST} readable rows, these cells have {readable}")
    for law in (*LAWS, *ENCODER_LAWS, *UNIT_LAWS):
        title = (law.__doc__ or law.__name__).splitlines()[0]
        try:
            law(case)
        except Exception as error:
            how = str(error) if isinstance(error, AssertionError) else f"{type(error).__name__}: {error}"
            raise AssertionError(f"{type(modality).__name__} breaks a law. {title} {how}") from error
