"""The keys under which loggers that write JSON say when, how bad, who and what. A dot goes into an object, or is part of the key."""

from __future__ import annotations

TIMES = tuple(
    "@timestamp timestamp time ts datetime @t eventTime event_time asctime timeMillis t.$date t Timestamp Time TimeGenerated date _time "
    "instant created_at createdAt requestReceivedTimestamp stageTimestamp receiveTimestamp start_time T dt at".split()
)
"""Where a time stands, the surest name first."""

LEVELS = tuple(
    "level severity levelname log.level lvl loglevel log_level logLevel severityText @l Level severity_text s L priority "
    "syslog.severity.name level_name".split()
)

LOGGERS = tuple(
    "logger logger_name loggerName name log.logger SourceContext Properties.SourceContext category component c module service "
    "service.name tag source caller N".split()
)

MESSAGES = tuple(
    "message msg @m @mt short_message textPayload jsonPayload.message event log MESSAGE body text Message RenderedMessage M error "
    "err.message description".split()
)

TRACES = tuple("trace_id traceId trace.id traceID request_id requestId req.id correlation_id dd.trace_id".split())
"""What joins the lines of one request."""

ERRORS = tuple("exc_info exception stack_trace stack err.stack error.stack_trace error.message @x".split())
"""What went wrong in full, behind what was said about it."""

PYTHON_LEVEL, GELF_LEVEL = "levelno", "short_message"
"""Numbers under the first are Python's, where 30 is a warning; beside the second stand those of syslog."""
