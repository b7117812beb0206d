"""What programs that think are offered: the Model Context Protocol on standard input and output."""
