"""How the sites are: judged from their run records, shown as a table, told to a monitoring system."""
