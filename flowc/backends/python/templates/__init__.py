"""What stands in files of every library as it is here."""
