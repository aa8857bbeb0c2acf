package physical

import (
	"gdml/compiler/hop"
	"gdml/compiler/rewrite"
)

// Options selects rules.
type Options struct {
	Level   int             // below 2 nothing is fused
	Disable map[string]bool // rule names to leave out
}

// Select replaces patterns in every graph of p by physical operators and returns what fired.
func Select(p *hop.Program, o Options) rewrite.Trace {
	return rewrite.Run(p, Rules(), rewrite.Options{Level: o.Level, Disable: o.Disable})
}
