"""What can a person ask for? Reads environment and settings, wires everything."""
