package main

import (
	"os"

	"github.com/chzyer/readline"
)

// isTerminal reports whether a stream is a terminal. What is no file is none.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && readline.IsTerminal(int(f.Fd()))
}

// colored decides on colour for one stream: the flag, then the environment, then whether it is a terminal.
func (c *config) colored(sys *system, stream any) bool {
	switch {
	case c.color == "never":
		return false
	case c.color == "always":
		return true
	case sys.env("CLICOLOR_FORCE") != "" && sys.env("CLICOLOR_FORCE") != "0":
		return true
	}
	return isTerminal(stream) && sys.env("TERM") != "dumb" && sys.env("NO_COLOR") == ""
}
