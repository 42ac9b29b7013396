"""Small drawn parts shared by panels."""
