"""The outside world, one module or folder for each: channels, trackers, calendars, exports, the model client, the job engine.

Each has a double in `amends.testing` and a test against a real server. Nothing here decides: it carries what a use case hands over,
and it never speaks to the database.
"""
