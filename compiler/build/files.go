package build

import (
	"gdml/lang/ast"
	"gdml/lang/source"
)

// mayFollowWrite reports whether a write() may have run before the call at the given place,
// so that what the files say at compile time need not hold when the call runs. It is exact
// for straight-line code and assumes the worst of functions and loops.
func (p *program) mayFollowWrite(at source.Span) bool {
	read, _ := p.topLevel(at)
	for c, t := range p.info.Calls {
		if t == nil || t.Builtin == nil || t.Builtin.Name != "write" {
			continue
		}
		write, repeats := p.topLevel(c.Span())
		if read < 0 || write < 0 || write < read || write == read && (repeats || c.Span().Start < at.Start) {
			return true
		}
	}
	return false
}

// topLevel returns the index of the statement of the main script that holds a place, and
// whether there is a loop in it. The index is -1 for a place in a function.
func (p *program) topLevel(at source.Span) (i int, loops bool) {
	for i, s := range p.info.Main.File.Stmts {
		if in := s.Span(); at.Start < in.Start || at.Start >= in.End {
			continue
		}
		if _, ok := s.(*ast.FuncDef); ok {
			return -1, false
		}
		ast.Walk(s, func(n ast.Node) bool {
			switch n.(type) {
			case *ast.For, *ast.While:
				loops = true
			}
			return !loops
		})
		return i, loops
	}
	return -1, false
}
