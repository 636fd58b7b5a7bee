"""Nodes and arrows that files list: read column by column, and kept as rows until an arrow is asked for."""
