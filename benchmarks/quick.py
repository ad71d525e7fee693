"""The quick benchmark: accuracy on the shared sets beside its floors, start-up time, epochs beside a bare loop.

python benchmarks/quick.py [--only NAME ...]
"""

from __future__ import annotations

import argparse
import warnings

from protocol import Protocol
from speed import epoch_ratio, startup

FLIPKART = ("title", "description", "description_masked")

#: Name, protocol, preset, floor (untuned scikit-learn), least accuracy asked for.
ACCURACY = (
    ("avmnist", Protocol("avmnist", "speaker", ("snr_db",), pooled=False), "good", 0.837, 0.86),
    ("flipkart image+title+table", Protocol("flipkart_1050", "group", FLIPKART), "quick", 0.915, 0.92),
    ("flipkart image+table", Protocol("flipkart_1050", "group", (*FLIPKART, "title_masked")), "quick", 0.744, 0.75),
    ("houses photos+table", Protocol("houses_price", "group"), "quick", 0.802, 0.792),
)
PHOTOS = ("image_bathroom", "image_bedroom", "image_frontal", "image_kitchen")


def main() -> None:
    """Run the chosen rows and print a line as each ends."""
    warnings.simplefilter("ignore")
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", help="parts of row names; default: all rows")
    chosen = parser.parse_args().only

    def wanted(name: str) -> bool:
        return not chosen or any(part in name for part in chosen)

    print(f"{'':34s} {'measured':>9s} {'must':>7s} {'floor':>7s} {'seconds':>8s}   without each input")
    for name, protocol, preset, floor, must in ACCURACY:
        if wanted(name) and protocol.there:
            r = protocol.run(preset)
            without = ", ".join(f"{n} {a:.3f}" for n, a in r.without.items())
            print(
                f"{name:34s} {r.accuracy:9.3f} {must:7.3f} {floor:7.3f} {r.seconds * len(r.parts):8.0f}   {without}",
                flush=True,
            )
    houses = Protocol("houses_price", "group", PHOTOS)
    if wanted("houses table alone") and houses.there:
        r = houses.run("quick")
        print(
            f"{'houses table alone':34s} {r.accuracy:9.3f} {'':7s} {0.802:7.3f} {r.seconds * len(r.parts):8.0f}",
            flush=True,
        )
    if wanted("startup"):
        for code, must in (("import polysight", 0.2), ("import sys; sys.argv=['polysight','--help']", 0.5)):
            run = code if must < 0.5 else f"{code}; from polysight.cli import main; main()"
            title = "import polysight" if must < 0.5 else "polysight --help"
            print(f"{title + ', s over bare Python':34s} {_startup(run):9.2f} {must:7.2f}", flush=True)
    if wanted("epoch"):
        ours, bare = epoch_ratio()
        print(f"{'epoch, 1,000 x 224 px, x bare loop':34s} {ours / bare:9.2f} {3:7.2f}   ({ours:.1f} s, {bare:.1f} s)")


def _startup(code: str) -> float:
    # --help ends with SystemExit(0), which is a success.
    return startup(f"try:\n    {code.replace('; ', chr(10) + '    ')}\nexcept SystemExit:\n    pass")


if __name__ == "__main__":
    main()
