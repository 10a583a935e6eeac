"""From judgement to people."""
