"""What somebody does not want to hear of for a while: made, listed, ended; tokens for it."""
