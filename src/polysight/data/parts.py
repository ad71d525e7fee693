"""Parts: how tables and folders say which rows are for training and which for testing."""

from __future__ import annotations

from collections.abc import Iterable

PART_NAMES = frozenset(
    {
        *("train", "training", "trn", "test", "testing", "tst", "val", "valid", "validation", "dev", "holdout", "eval"),
        *("训练", "训练集", "测试", "测试集", "验证", "验证集"),
    }
)


def are_parts(values: Iterable[object]) -> bool:
    """Whether all values are names of parts of a data set, such as ``train`` and ``test``.

    Example:
        >>> are_parts(["Train", "test"]), are_parts(["cat", "test"])
        (True, False)
    """
    names = {str(value).strip().lower() for value in values}
    return bool(names) and names <= PART_NAMES
