"""What a rule would have done with what is stored."""
