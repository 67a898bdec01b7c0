"""One module for each command. What a command needs beyond click it imports when it runs, so that help stays quick."""
