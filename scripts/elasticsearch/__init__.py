"""Real Elasticsearch nodes on this machine, for trying Svodka and for its tests: `make elasticsearch`."""
