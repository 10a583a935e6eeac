"""From results to what a person sees."""
