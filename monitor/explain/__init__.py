"""What came of a rule and an article, stage by stage."""
