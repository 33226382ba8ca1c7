"""The kinds of fact that this app writes into the record."""
