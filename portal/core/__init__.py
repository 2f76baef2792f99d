"""What is true of any web application; a line that mentions alumni is not core."""
