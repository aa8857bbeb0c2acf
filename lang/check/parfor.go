package check

import (
	"slices"
	"strconv"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/types"
)

// loopWords are the legal words of the parfor parameters that take words (language
// reference §11.2). Those of distributed execution are legal and mean local execution.
var loopWords = map[string][]string{
	"mode":            {"LOCAL", "REMOTE_SPARK", "REMOTE_SPARK_DP", "REMOTE_MR", "REMOTE_MR_DP"},
	"taskpartitioner": {"FIXED", "NAIVE", "STATIC", "FACTORING", "FACTORING_CMIN", "FACTORING_CMAX"},
	"datapartitioner": {"NONE", "LOCAL", "REMOTE_SPARK", "REMOTE_MR"},
	"resultmerge":     {"LOCAL_MEM", "LOCAL_FILE", "LOCAL_AUTOMATIC", "REMOTE_SPARK", "REMOTE_MR"},
	"opt":             {"NONE", "RULEBASED", "CONSTRAINED", "HEURISTIC"},
	"log":             {"ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"},
	"check":           {"0", "1"},
	"profile":         {"0", "1"},
}

// loopParams evaluates the parameters of a parfor.
func (c *checker) loopParams(s *ast.For) {
	lp := LoopParams{Check: true}
	seen := map[string]bool{}
	for _, p := range s.Params {
		if seen[p.Name] {
			c.errorf(diag.BadLoopParam, p.NamePos, "parameter %s is given twice", p.Name)
		}
		seen[p.Name] = true
		switch p.Name {
		case "par":
			lp.Par = p.Value
			c.loopCount(p, true)
		case "tasksize":
			c.loopCount(p, false)
		default:
			w, ok := c.loopWord(p)
			if !ok {
				continue
			}
			switch p.Name {
			case "check":
				lp.Check = w != "0"
			case "log":
				lp.Log = slices.Contains([]string{"ALL", "TRACE", "DEBUG", "INFO"}, w)
			}
		}
	}
	c.info.Loops[s] = lp
}

// loopCount checks a parameter that takes a positive number.
func (c *checker) loopCount(p ast.CallArg, variable bool) {
	t := c.value(p.Value)
	v := c.constant(p.Value)
	if n, ok := v.(int64); ok && n < 1 {
		c.errorf(diag.BadLoopParam, p.Value.Span(), "%s must be at least 1", p.Name)
		return
	}
	if t == types.IntT || t.Data == types.Unknown || variable && t == types.Scal {
		return
	}
	c.fail(diag.BadLoopParam, p.Value.Span(), "write a whole number", "%s must be an int, not %s", p.Name, article(kind(t)))
}

// loopWord returns the value of a parameter that takes one of several words, quoted or
// not, in any case.
func (c *checker) loopWord(p ast.CallArg) (string, bool) {
	words := loopWords[p.Name]
	if words == nil {
		names := []string{"par", "tasksize"}
		for n := range loopWords {
			names = append(names, n)
		}
		slices.Sort(names)
		c.fail(diag.BadLoopParam, p.NamePos, c.near(p.Name, names, "legal: "+strings.Join(names, ", ")), "parfor has no parameter %s", p.Name)
		return "", false
	}
	w := ""
	switch e := ast.Unparen(p.Value).(type) {
	case *ast.Ident:
		w = e.Name
	case *ast.Arg:
		if t := c.needArg(e); t == types.Any {
			return "", false
		}
		w, _ = plain(c.info.Args[e])
	default:
		w, _ = plain(c.constant(p.Value))
	}
	w = strings.ToUpper(w)
	if w == "TRUE" || w == "FALSE" {
		w = strconv.Itoa(len("FALSE") - len(w)) // check=FALSE is check=0
	}
	if !slices.Contains(words, w) {
		c.fail(diag.BadLoopParam, p.Value.Span(), c.near(w, words, "legal: "+strings.Join(words, ", ")), "%s cannot be %s", p.Name, c.text(p.Value.Span()))
		return "", false
	}
	return w, true
}

// parfor finds the outer variables that the body writes and, unless check=0, proves that
// iterations do not depend on each other. before holds the variables before the loop.
func (c *checker) parfor(s *ast.For, before *env) {
	c.loopBody(s)
	a := newAnalysis(c, s, before)
	for _, name := range a.order {
		cand := a.candidates[name]
		if cand.typ.Data == types.Scalar {
			continue
		}
		c.info.Merges[s] = append(c.info.Merges[s], Merge{Var: name, Accumulate: cand.onlyAccum()})
	}
	if !c.info.Loops[s].Check {
		return
	}
	for _, name := range a.order {
		a.verdict(a.candidates[name])
	}
	for i, m := range c.info.Merges[s] {
		v := a.candidates[m.Var]
		c.info.Merges[s][i].Disjoint = v.typ.Data == types.Matrix && !m.Accumulate && !v.decided
	}
}

// loopBody refuses stop and assert in the body of a parfor.
func (c *checker) loopBody(s *ast.For) {
	eachStmt(s.Body.Stmts, func(x ast.Stmt) {
		call, ok := x.(*ast.CallStmt)
		if !ok {
			return
		}
		t := c.info.Calls[call.Call]
		if t != nil && t.Builtin != nil && (t.Name == "stop" || t.Name == "assert") {
			c.fail(diag.BadLoopBody, call.Call.FnPos, "record the fault in a matrix and stop after the loop",
				"%s cannot stand in the body of a parfor", t.Name)
		}
	})
}

// candidate is an outer variable that the body writes, with all its uses there.
type candidate struct {
	name   string
	typ    types.Type
	writes []write
	uses   []use // indexed writes and all reads

	decided bool // a condition reads what other iterations may write
}

// use is one access to a candidate: an indexed write, or a read.
type use struct {
	at    source.Span
	write bool
	index *ast.Index // nil for a read of the whole
	cond  bool       // a read in the condition of a branch or the bounds of a loop
}

func (a *candidate) onlyAccum() bool {
	for _, w := range a.writes {
		if !w.accum || !w.whole {
			return false
		}
	}
	return true
}

// verdict reports the first reason why iterations depend on each other through a variable.
func (a *analysis) verdict(v *candidate) {
	c := a.c
	if v.typ.Data == types.Scalar || v.typ.Data == types.Unknown && v.onlyAccum() && !c.diags.HasErrors() {
		c.depends(v.writes[0].at, "collect values in a matrix, X[i,1] = ..., or sum into a 1x1 matrix with +=",
			v.name+" comes from before the parfor and is assigned in every iteration")
		return
	}
	if v.onlyAccum() {
		for _, u := range v.uses {
			c.depends(u.at, "read it after the loop",
				v.name+" is summed with += and read in the same parfor", diag.Note{Span: v.writes[0].at, Msg: "summed here"})
			return
		}
		return
	}
	for _, w := range v.writes {
		if w.whole {
			hint := "write into rows or cells of it, " + v.name + "[i,] = ..., or only sum with +="
			if w.value != nil && reads(w.value, v.name) {
				hint = "write " + v.name + " += ... to sum over iterations"
			}
			c.depends(w.at, hint, v.name+" is assigned as a whole in every iteration")
			return
		}
	}
	for _, u := range v.uses {
		if u.index == nil && u.cond {
			a.decides(v, u)
			return
		}
		if u.index == nil {
			c.depends(u.at, "read only the cells that the iteration itself writes",
				v.name+" is read as a whole while other iterations write to it", diag.Note{Span: v.writes[0].at, Msg: "written here"})
			return
		}
	}
	a.pairs(v)
}

// pairs compares every indexed write with every indexed access.
func (a *analysis) pairs(v *candidate) {
	for i, w := range v.uses {
		if !w.write {
			continue
		}
		for j, u := range v.uses {
			if u.write && j < i || a.disjoint(w.index, u.index) {
				continue
			}
			if u.cond {
				a.decides(v, u)
				return
			}
			a.conflict(v, w, u)
			return
		}
	}
}

const uncheckedHint = "use for; if you know that the cells differ, switch the test off with parfor(..., check=0)"

// conflict reports two accesses that different iterations may make to the same cell.
func (a *analysis) conflict(v *candidate, w, u use) {
	c := a.c
	if i := a.loop.Var.Name; w.index == u.index {
		msg := "two iterations may write the same cell of " + v.name + ": " + c.text(w.at)
		if !reads(w.index, i) && !a.followsIndex(w.index) {
			msg += " does not depend on " + i
		}
		c.depends(w.at, uncheckedHint, msg)
		return
	}
	verb := "reads"
	if u.write {
		verb = "writes"
	}
	c.depends(w.at, uncheckedHint,
		"iterations depend on each other: one writes "+c.text(w.at)+", another "+verb+" "+c.text(u.at),
		diag.Note{Span: w.at, Msg: "written here"}, diag.Note{Span: u.at, Msg: strings.TrimSuffix(verb, "s") + " here"})
}

func (c *checker) depends(at source.Span, hint, msg string, notes ...diag.Note) {
	c.report(diag.Diagnostic{Code: diag.LoopDependency, Span: at, Msg: msg, Hint: hint, Notes: notes})
}

// decides warns of a condition that reads what other iterations write. The reference
// does not look at conditions, and its scripts rely on that.
func (a *analysis) decides(v *candidate, u use) {
	v.decided = true
	a.c.report(diag.Diagnostic{
		Code: diag.LoopDependency, Severity: diag.Warning, Span: u.at,
		Msg:   "which branch is taken may depend on other iterations, which write to " + v.name,
		Hint:  "use for, or read a copy made before the loop",
		Notes: []diag.Note{{Span: v.writes[0].at, Msg: "written here"}},
	})
}

// reads reports whether an expression mentions a variable.
func reads(e ast.Node, name string) bool {
	found := false
	ast.Walk(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}
