"""How to reproduce a run: versions, commands, seed and the fingerprint of the data."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from polysight.report.content import ReportContent
from polysight.report.sections.base import Section
from polysight.report.words import Words

#: What stands beside polysight in the command that installs it; the others come with them.
PINNED = ("torch", "numpy", "scipy", "scikit-learn", "pandas", "opencv-python-headless", "pillow")


class Reproduce(Section):
    """Everything it takes to run it again."""

    kind: ClassVar[str] = "reproduce"
    chapter: ClassVar[str] = "reproduce"
    words: ClassVar[Mapping[str, Mapping[str, str]]] = {
        "en": {
            "run_again": "Commands, in the folder of the run",
            "seed_line": "Seed: {seed}.",
            "same_again": "The same seed, machine and versions give the same metrics.json to the last byte, apart "
            "from times.",
            "not_the_same": "The time limit cut training short, so a second run may differ.",
        },
        "zh": {
            "run_again": "命令（在运行文件夹中执行）",
            "seed_line": "随机种子：{seed}。",
            "same_again": "相同的种子、机器和版本会得到逐字节相同的 metrics.json（时间除外）。",
            "not_the_same": "训练因时间限制提前结束，再次运行的结果可能不同。",
        },
    }

    def facts(self, content: ReportContent, w: Words) -> Mapping[str, Any] | None:
        """Commands, versions and settings."""
        return {"commands": commands(content), "versions": flattened(content.environment)}


def commands(content: ReportContent) -> list[str]:
    """What to type: install the same versions, train, measure, rebuild the page."""
    packages = content.environment.get("packages") or {}
    pins = {"polysight": content.environment.get("polysight"), **{name: packages.get(name) for name in PINNED}}
    wanted = [f"{name}=={str(version).partition('+')[0]}" for name, version in pins.items() if version]
    typed = [f"pip install {' '.join(wanted)}"] if wanted else []
    if content.config:
        typed.append("polysight train --config config.yaml --out again")
        test = content.settings.get("test")
        typed += [f"polysight evaluate again {shlex.quote(str(test))}"] if test else []
        typed.append("polysight report . again")
    return typed


def flattened(facts: Mapping[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    """Nested facts as rows of a table; absent ones left out."""
    rows: list[tuple[str, str]] = []
    for name, value in facts.items():
        if isinstance(value, Mapping):
            rows += flattened(value, f"{prefix}{name} ")
        elif value not in (None, "", []):
            rows.append((f"{prefix}{name}", _listed(value)))
    return rows


def _listed(value: Any) -> str:
    parts: Sequence[Any] = value if isinstance(value, list) else [value]
    return ", ".join(str(part) for part in parts)
