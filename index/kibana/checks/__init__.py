"""What can be wrong with a saved object beyond its shape; one kind of object, or one concept, a module."""
