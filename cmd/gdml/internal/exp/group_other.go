//go:build !unix

package exp

import "os/exec"

// ownGroup does nothing: without process groups only the process itself is killed, which
// is the default.
func ownGroup(*exec.Cmd) {}
