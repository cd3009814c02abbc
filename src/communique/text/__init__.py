"""What a text says, whoever asks: its tokens, sentences, quotes, names, dates and numbers; no record is known here."""
