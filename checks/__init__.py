"""How do we know it is so? Test runs, scanners, verdicts, the reason for red. Acts only through a box."""
