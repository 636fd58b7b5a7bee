"""The command line: its options, what goes in and out, how mistakes are told; each command is a file in `verbs/`."""
