"""Stories: where articles belong, who carries one, how people take them apart or join them."""
