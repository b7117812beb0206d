"""Why a rule holds for an article or not, and how near it came."""
