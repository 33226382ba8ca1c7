"""How large a bundle may be: whatever comes in, reading it stays below 512 MB of memory."""

MEGABYTE = 1024 * 1024

# A zip file, everything in it unpacked, how many times smaller it may be, and how many files.
# Attachments and the record are read piece by piece: they take time, not memory.
ARCHIVE = 2048 * MEGABYTE
UNPACKED = 3072 * MEGABYTE
RATIO = 200
FILES = 10_000
DIRECTORY = 4 * MEGABYTE  # the zip's own table of contents

# One file, by what it is.
DOCUMENT = 48 * MEGABYTE  # any JSON document
TABLES = 24 * MEGABYTE  # all CSV tables together
SCHEME = 6 * MEGABYTE
RECORD = 512 * MEGABYTE  # read line by line
LINE = 4 * MEGABYTE

# In all documents together, in one line of the record, in one document's depth.
VALUES = 1_500_000
LINE_VALUES = 100_000
DEPTH = 48
ROWS = 300_000
CELL = 4_000

# Points to be computed: entrants × (criteria + judges × criteria marked by them).
WORK = 500_000
