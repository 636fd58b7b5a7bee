"""Meshes: scalar nodes gathered into one array, the lines between them level after level; as `mesh.py` holds them."""
