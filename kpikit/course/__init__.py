"""The course in KPI design: lessons whose exercises check themselves against the data."""
