"""`karat`: every command, each imported with what it needs only when it runs."""

import typer

from karat.cli import (
    about,
    archives,
    audit,
    backups,
    bench,
    bucket_imports,
    certificates,
    clones,
    connections,
    datasets,
    groups,
    invitations,
    jobs,
    keys,
    model_versions,
    models,
    people,
    predictions,
    project_setup,
    projects,
    quality,
    serving,
    signing_in,
)
from karat.cli.shell import KnownErrors

app = typer.Typer(
    name="karat",
    cls=KnownErrors,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a traceback with local variables would print secrets
    help="An open, self-hosted data engine: raw data in, labels of certified quality out.",
)

# These add their commands to the groups of others.
MORE = (archives, bucket_imports, clones, model_versions, predictions, project_setup, signing_in)

for command in (
    serving.serve,
    serving.demo,
    serving.sign_in_link,
    backups.restore,
    jobs.chores,
    about.kinds,
    about.formats,
    about.version,
):
    app.command()(command)
app.command(context_settings={"allow_extra_args": True, "allow_interspersed_args": False})(bench.bench)
for name, group in (
    ("keys", keys.app),
    ("people", people.app),
    ("invitations", invitations.app),
    ("groups", groups.app),
    ("connections", connections.app),
    ("datasets", datasets.app),
    ("projects", projects.app),
    ("models", models.app),
    ("jobs", jobs.app),
    ("certificate", certificates.app),
    ("audit", audit.app),
    ("backup", backups.app),
    ("quality", quality.app),
):
    app.add_typer(group, name=name)

if __name__ == "__main__":
    app()
