"""`flowc trace`: the table of numbers of one token, with the numbers put into every formula."""
