"""Entries of the journal as lines for people."""

from trainer.journal import Check, Report, Restart


def check_line(check: Check, report: Report | None) -> str:
    """Return what a check found, with the last report before it."""
    told = f"step {check.step}  held-out loss {check.held_out_loss:.4f}{' (best)' if check.best else ''}"
    if check.use_of_source is not None:
        told += f"  {check.use_of_source:+.3f} with other sources"
    if report is not None:
        told += f"  loss {report.loss:.3f}  epoch {report.epoch:.2f}  {report.tokens_per_second:,.0f} tokens/s"
    return f"{told}  {check.seconds:,.0f} s"


def restart_line(restart: Restart) -> str:
    """Return why a training began again, and how."""
    return (
        f"step {restart.step}: the model does not use its source (exchanging sources makes its loss only "
        f"{restart.use_of_source:.3f} higher); the training begins again with a rate of {restart.rate:.1e}"
    )


def report_line(report: Report, done: float) -> str:
    """Return how far a training is. `done`: how much of it is over, from 0 to 1."""
    return (
        f"{done:6.1%}  step {report.step}  epoch {report.epoch:.2f}  loss {report.loss:.3f}  "
        f"{report.tokens_per_second:,.0f} tokens/s  rate {report.rate:.1e}"
    )
