"""Kibana's saved objects for the indices of Svodka: their source, their validator, and what Kibana asks with them."""
