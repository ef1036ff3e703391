"""The process that typesets: JSON on standard input, PDF/A-3b on standard output. It computes without yielding."""

import json
import sys
from pathlib import Path

import typst

FONTS = "/usr/share/fonts/opentype/noto"  # Debian's fonts-noto-cjk; no others, so that it looks the same everywhere
TEMPLATE = Path(__file__).parent / "dossier.typ"


def main() -> None:
    text = sys.stdin.buffer.read().decode()
    made = typst.compile(
        str(TEMPLATE),
        sys_inputs={"data": text},  # data, never markup: what a client typed cannot become a command
        pdf_standards=["a-3b"],
        font_paths=[FONTS],
        ignore_system_fonts=True,
        timestamp=int(json.loads(text)["made_at"]),  # the same dossier is the same PDF
    )
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
