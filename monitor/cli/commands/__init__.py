"""One file a noun: parse the words, call one service, print."""
