"""The same as `korob`."""

from korob.cli import main

# Not when a child process reads the main module again.
if __name__ == "__main__":
    main()
