"""What several benches use: an archive, a world around a daemon, places to deliver to."""
