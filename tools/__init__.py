"""What may be done to the code? Acts only through the box it is given."""
