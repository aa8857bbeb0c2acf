package builtins

import (
	"fmt"
	"slices"

	"gdml/lang/op"
	"gdml/paramserv"
)

// psExplain says for a plan where a call of paramserv runs, with how many workers on how many rows each, and how large
// the model is: as far as constants and dimensions tell.
func psExplain(in []op.Shape, bytes []int64) string {
	constant := func(p int, def any) any {
		switch {
		case p >= len(in) || in[p].Rows == op.Unknown: // not passed
			return def
		case in[p].Val == nil:
			return nil
		}
		return in[p].Val
	}
	word := func(p int, def string) string {
		if s, ok := constant(p, def).(string); ok {
			return s
		}
		return psName(p) + " of the run"
	}
	batch, _ := constant(psBatchSize, int64(64)).(int64)
	rows := in[psFeatures].Rows
	parts := psParts(constant(psK, int64(0)), rows, batch, word(psScheme, "DISJOINT_CONTIGUOUS"))
	model := "unknown size"
	if b := bytes[psModel]; b != op.Unknown {
		model = fmt.Sprintf("%d bytes", b)
	}
	return fmt.Sprintf("%s, %s, %s: %s; model of %s", word(psMode, "LOCAL"), word(psUType, "ASP"), word(psFreq, "EPOCH"), parts, model)
}

// psParts describes workers and their parts. k is int64, 0 when the call does not give it, or nil when it is no constant;
// rows is op.Unknown and batch 0 when they are not known.
func psParts(k any, rows, batch int64, scheme string) string {
	n, known := k.(int64)
	switch {
	case !known:
		return "workers as k says"
	case n == 0 && rows > 0 && batch > 0:
		return fmt.Sprintf("a worker for each thread, at most %d", (rows+batch-1)/batch)
	case n == 0:
		return "a worker for each thread"
	case n < 1 || rows <= 0 || !slices.Contains(paramserv.SchemeNames(), scheme):
		return fmt.Sprintf("%d workers", n)
	}
	used, least, most := paramserv.PartSizes(scheme, int(rows), int(n))
	text := fmt.Sprintf("%d workers with %d", used, most)
	if least < most {
		text += fmt.Sprintf(" to %d", least)
	}
	text += " rows"
	if batch > 0 {
		text += fmt.Sprintf(" in %d batches", (int64(most)+batch-1)/batch)
	}
	return text
}
