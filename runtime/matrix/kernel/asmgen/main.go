// Command asmgen writes the amd64 assembly of package kernel and its Go stubs.
//
// It is a module of its own, so that gdml does not depend on avo. The output is
// checked in; go generate in package kernel runs
//
//	go run . -out ../kernel_amd64.s -stubs ../kernel_amd64.go -pkg kernel
//
// Every routine exists in two forms, written once: a tier (see tier.go) turns the
// operations of a loop into AVX-512 or AVX2 instructions. What holds for all of them:
//
//   - nothing is read or written outside the operands; partial vectors use masks
//   - VZEROUPPER stands before every RET
//   - labels have a prefix, since a one-letter label can be taken for a register
//   - a routine is bounded by its operands and never loops over more than its
//     caller passes; the caller passes at most some ten microseconds of work,
//     because assembly cannot be preempted
package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
)

func main() {
	ConstraintExpr("!noasm")
	for _, t := range []*tier{avx512, avx2} {
		t.cells()
		t.functions()
		t.sums()
		t.vectors()
		t.packing()
		t.products()
		t.symmetric()
		t.solveRows()
		t.panels()
	}
	Generate()
}

// text starts a function of the tier.
func (t *tier) text(name, signature, doc string, args ...any) {
	TEXT(name+t.name, 0x4, signature) // NOSPLIT
	Doc(fmt.Sprintf(name+t.name+" "+doc, args...))
	Pragma("noescape")
}

// label returns a label of the current function.
func (t *tier) label(name string) string { return "L_" + name }

// ret ends a function.
func (t *tier) ret() {
	VZEROUPPER()
	RET()
}
