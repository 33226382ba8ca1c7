"""The kinds of fact that this app writes into the record, with their Chinese titles."""
