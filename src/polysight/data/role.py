"""Role: what a column is used as, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Role:
    """What a column is used as, why, and whether a person should look at it.

    Attributes:
        role: ``image``, ``text``, ``numeric``, ``id``, ``constant``, ``ignored``...
        reason: Why, in a few words.
        warning: What a person should look at; empty when there is nothing.
        code: A stable word for the reason of a refused column (``row_number``, ``copy_of_target``...).
    """

    role: str
    reason: str
    warning: str = ""
    code: str = ""
