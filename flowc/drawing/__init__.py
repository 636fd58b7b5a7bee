"""Pictures: what is drawn, where it goes, and the ink. No file, no terminal, no library of colours."""
