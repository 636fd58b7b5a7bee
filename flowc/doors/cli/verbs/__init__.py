"""The commands: `configure` declares the options of one, `run` does it and gives the exit status."""
