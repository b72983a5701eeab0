"""What a race is run in: the course with its heights, and the air, told, forecast or usual."""
