"""The run-time type checker of the tests: holds the core to its signatures, shapes included."""

from beartype import BeartypeConf, beartype

check = beartype(conf=BeartypeConf(is_pep484_tower=True))  # an int is a fine float
