"""What `flowc train` is made of: the options, the files and the words of a run."""
