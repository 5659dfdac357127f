"""A class, graded: sanitize, run, record, report. Only the run sees a student's code."""
