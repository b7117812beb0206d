"""When and how much may be said: schedules, quiet hours, limits, routes, letting go."""
