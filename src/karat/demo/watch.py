"""What the operator sees while the demo runs: one line that moves, and a line for each thing that happened."""

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from karat.quality import Overview


class Watch:
    """A progress display; on a terminal it moves, elsewhere it prints a line per change."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=console,
            transient=True,
        )
        self._task = self._progress.add_task("Starting", total=None)
        self._said = ""

    def __enter__(self) -> "Watch":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def say(self, sentence: str) -> None:
        """A line that stays."""
        if sentence != self._said:
            self._said = sentence
            self._console.print(sentence, highlight=False)

    def step(self, description: str, done: int | None = None, total: int | None = None) -> None:
        """What is going on, and how far."""
        self._progress.update(self._task, description=description, completed=done or 0, total=total)

    def follow(self, state: Overview, true_error: float | None) -> None:
        """The state of the project."""
        known = "" if true_error is None else f", truly wrong {true_error:.2%}"
        if state.phase == "checking":
            done = state.stages.check
            self.step(f"Checking: {state.error.n_checked} drawn labels checked, {done} to go{known}")
        else:
            last = f", last batch changed {state.series[-1].changed} labels" if state.series else ""
            self.step(f"Routing: {state.answers.human} human answers{last}{known}")
        if state.phase in ("checking", "review_needed", "certified"):
            self.say(f"  {state.phase_sentence}")
