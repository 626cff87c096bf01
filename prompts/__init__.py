"""What is the model told? Text files and the loader that refuses a missing variable."""
