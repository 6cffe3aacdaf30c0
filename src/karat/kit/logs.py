"""Logging: one constant sentence plus fields, on stderr; readable on a terminal, JSON lines elsewhere.

Tracebacks carry no local variables: these may hold secrets or people's data.
"""

import logging
import sys

import structlog


def configure_logs(level: str) -> None:
    """Set up logging for this process."""
    terminal = sys.stderr.isatty()
    render: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if terminal
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,  # the request or the job that it happened in
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)  # the runner reports what happens to jobs
