"""From notebooks to reports: a batch of papermill runs, their pages, an index and all figures in one file."""
