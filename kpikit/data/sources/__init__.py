"""From a file, a workbook or a database to columns as they are written, whatever the kind of source."""
