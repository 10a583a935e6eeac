"""The makings of the sample company; `kpikit.data.samples` is the door."""
