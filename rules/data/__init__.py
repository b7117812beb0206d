"""What is known about languages, as tables; read here and nowhere else. No logic."""
