"""What a rule or a tag found in some days, to print; how much of what is followed was seen."""
