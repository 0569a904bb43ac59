"""Tools around Svodka that are no part of it: each folder or file is run by a target of the Makefile."""
