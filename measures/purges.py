"""When what is old was removed last (service.retention), so that somebody hears where that does not happen."""

from __future__ import annotations

from prometheus_client import Gauge

LAST = Gauge(
    "vcf_last_purge_timestamp_seconds",
    "When what was kept long enough was removed last, in seconds since 1970.",
    multiprocess_mode="max",
)


def purged() -> None:
    """Note that it was removed just now."""
    LAST.set_to_current_time()
