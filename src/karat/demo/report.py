"""Writes `report.json` and `report.html`: one file each, readable without a server."""

import json
from pathlib import Path

from karat.api.web import STATIC
from karat.demo.types import DemoReport

PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
<script type="application/json" id="report">{data}</script>
<noscript>This report draws its plots with a script that is part of this file. The numbers are in report.json.</noscript>
<script>{script}</script>
</body>
</html>
"""


def write_report(folder: Path, report: DemoReport) -> list[Path]:
    """Write both files; the page only where the web app, whose plots it uses, is built."""
    written = [folder / "report.json"]
    written[0].write_text(report.model_dump_json(indent=2) + "\n")
    script = STATIC / "report.js"
    if script.is_file():
        page = folder / "report.html"
        data = json.dumps(report.model_dump(mode="json")).replace("<", "\\u003c")
        source = script.read_text(encoding="utf-8").replace("</script", "<\\/script")
        page.write_text(PAGE.format(title=_escaped(report.title), data=data, script=source), encoding="utf-8")
        written.append(page)
    return written


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
