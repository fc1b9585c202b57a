"""Cut the static fonts that letters print with from the variable font that the pages use. Run after ``npm run build``."""

from pathlib import Path

from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).resolve().parent
VARIABLE = HERE.parent / "tender" / "static" / "tender" / "fonts"
STATIC = HERE.parent / "reports" / "static" / "reports" / "fonts"
CUTS = {"regular": 400, "semibold": 600, "bold": 700}
FAMILY, STYLE, FULL, POSTSCRIPT = (1, 16), (2, 17), 4, 6


def cut(subset: str, name: str, weight: int) -> None:
    """One weight of one subset, as uncompressed TrueType."""
    font = instancer.instantiateVariableFont(TTFont(VARIABLE / f"source-sans-3-{subset}.woff2"), {"wght": weight})
    style = name.title()
    words = {**dict.fromkeys(FAMILY, "Source Sans 3"), **dict.fromkeys(STYLE, style), FULL: f"Source Sans 3 {style}",
             POSTSCRIPT: f"SourceSans3-{style}"}  # fmt: skip
    for record in font["name"].names:
        record.string = words.get(record.nameID, record.string)
    font["OS/2"].usWeightClass = weight
    font.flavor = None
    font.save(STATIC / f"source-sans-3-{subset}-{name}.ttf")


if __name__ == "__main__":
    for part in ("latin", "latin-ext"):
        for cut_name, cut_weight in CUTS.items():
            cut(part, cut_name, cut_weight)
