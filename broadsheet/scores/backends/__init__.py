"""Other scorers behind the same protocol: a server that the newsroom runs or rents, asked in the background."""
