"""The archive: articles, the stories they tell, and the index that finds them, as they are kept."""
