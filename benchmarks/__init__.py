"""Measurements: quality on labelled data and cost as ratios within one run. Tests never time anything."""
