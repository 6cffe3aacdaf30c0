"""`kinds`, `formats`, `version`: what this Karat is and can."""

import platform

import typer

from karat.cli.shell import AsJson, show_json, show_table


def kinds(as_json: AsJson = False) -> None:
    """The kinds of annotation that are registered."""
    from karat.modalities import KINDS

    if as_json:
        show_json([{"name": one.name, "modality": one.modality, "title": one.title} for one in KINDS])
    else:
        show_table(("name", "modality", "title"), [(one.name, one.modality, one.title) for one in KINDS], "None.")


def formats(as_json: AsJson = False) -> None:
    """The formats in which labels leave, and what each cannot express."""
    from karat.formats import FORMATS

    if as_json:
        show_json(
            [
                {
                    "name": one.name,
                    "title": one.title,
                    "suffix": one.suffix,
                    "lossless": not one.cannot_express,
                    "cannot_express": one.cannot_express,
                }
                for one in FORMATS
            ]
        )
        return
    rows = [(one.name, one.title, one.suffix, "; ".join(one.cannot_express) or "nothing") for one in FORMATS]
    show_table(("name", "title", "suffix", "cannot express"), rows, "None.")


def version(as_json: AsJson = False) -> None:
    """The version of Karat, and of the Python that runs it."""
    import karat

    if as_json:
        show_json({"karat": karat.__version__, "python": platform.python_version()})
    else:
        typer.echo(f"karat {karat.__version__} (Python {platform.python_version()})")
