"""Press releases as linked data: every fact tied to the words that say it."""
