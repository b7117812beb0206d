"""What calls the steps for as long as it runs: threads, clock, signals, logs."""
