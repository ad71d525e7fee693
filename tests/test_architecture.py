"""ARCHITECTURE.md stays true: its layers are the checked ones, its files exist, adding a part is what it says."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "polysight"
PAGE = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")


def checked_layers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = (c for c in project["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [name.strip().removeprefix("polysight.") for line in contract["layers"] for name in line.split(":")]


def test_the_table_of_layers_is_the_one_import_linter_checks():
    shown = re.findall(r"^\| `(\w+)` \|", PAGE.split("## The nouns")[0], flags=re.MULTILINE)
    assert shown == checked_layers()


def test_every_module_belongs_to_a_layer():
    entries = {
        p.name.removesuffix(".py") for p in SOURCE.iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()
    }
    assert entries - {"__init__", "__main__"} == set(checked_layers())


def test_every_file_the_page_names_exists():
    for name in re.findall(r"`([a-z_]+(?:/[a-z_]+)*\.py)`", PAGE):
        places = [SOURCE / name, ROOT / name, *SOURCE.glob(f"modalities/*/{name}")]
        assert any(place.exists() for place in places), name


def test_each_modality_package_has_the_same_files():
    packages = [p.parent for p in SOURCE.glob("modalities/*/__init__.py")]
    assert len(packages) >= 4
    for package in packages:
        names = {p.name for p in package.iterdir()}
        assert {"modality.py", "encoders.py", "features.py", "augment.py", "units.py"} <= names, package.name


def test_a_modality_is_one_package_and_its_lines_in_the_registry():
    """Nothing outside a modality's package names it but the registry and the list of public names."""
    listed = {SOURCE / "modalities" / "__init__.py", SOURCE / "__init__.py"}
    for package in (p.parent for p in SOURCE.glob("modalities/*/__init__.py")):
        importing = re.compile(rf"^\s*(from|import) polysight\.modalities\.{package.name}\b", re.MULTILINE)
        others = [p for p in SOURCE.rglob("*.py") if SOURCE / "modalities" not in p.parents and p not in listed]
        others += [p for p in SOURCE.glob("modalities/*.py") if p not in listed]
        assert not [p for p in others if importing.search(p.read_text(encoding="utf-8"))], package.name
        registry = (SOURCE / "modalities" / "__init__.py").read_text(encoding="utf-8")
        assert len(re.findall(rf'"polysight\.modalities\.{package.name}\.modality:', registry)) == 1


def test_each_fusion_is_one_file_and_one_line():
    from polysight.fusion import FUSIONS

    homes = [FUSIONS[kind].partition(":")[0] for kind in FUSIONS]
    assert len(set(homes)) == len(homes)


def test_no_module_is_named_after_nothing():
    forbidden = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert not [p for p in SOURCE.rglob("*.py") if p.stem in forbidden or p.parent.name in forbidden]


def test_nothing_reads_code_from_files():
    calls = re.compile(r"\b(pickle\.|torch\.load\(|joblib\.load\(|trust_remote_code|(?<![\w.])(eval|exec)\()")
    assert not [p.name for p in SOURCE.rglob("*.py") if calls.search(p.read_text(encoding="utf-8"))]
