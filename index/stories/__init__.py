"""Stories: which articles are copies of one text, and which of them is the original."""
