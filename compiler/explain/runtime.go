package explain

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"gdml/compiler/hop"
	"gdml/lang/source"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// HOPs writes the graphs of p, sizes included.
func HOPs(w io.Writer, p *hop.Program) error { return hop.Dump(w, p) }

// Runtime writes the instructions of p: one line for each with its operands, where
// its result goes and its place, then what is released after it.
//
//	mmchain X w -> s1      # 7:5
//	+* s1 lambda w -> g    # 7:21
//	release s1
func Runtime(w io.Writer, p *exec.Program) error {
	l := &listing{set: p.Sources}
	l.function(p.Main, true)
	fs := make([]*exec.Function, 0, len(p.Funcs))
	for _, f := range p.Funcs {
		fs = append(fs, f)
	}
	slices.SortFunc(fs, func(a, b *exec.Function) int {
		return cmp.Or(cmp.Compare(a.At.Start, b.At.Start), cmp.Compare(a.Key, b.Key))
	})
	for _, f := range fs {
		l.function(f, false)
	}
	_, err := w.Write(l.b.Bytes())
	return err
}

// listing writes one program.
type listing struct {
	b   bytes.Buffer
	set *source.Set
	fn  *exec.Function
	tmp map[exec.Slot]int // numbers of the temporaries
}

// placeColumn is where the places of instructions stand.
const placeColumn = 48

func (l *listing) line(depth int, text string, at source.Span) {
	start := l.b.Len()
	l.b.WriteString(strings.Repeat("  ", depth) + text)
	if at.IsValid() {
		pos := l.set.Position(at.Start)
		fmt.Fprintf(&l.b, "%*s # %d:%d", max(placeColumn-(l.b.Len()-start), 0), "", pos.Line, pos.Col)
	}
	l.b.WriteByte('\n')
}

func (l *listing) function(f *exec.Function, main bool) {
	l.fn, l.tmp = f, map[exec.Slot]int{}
	for s, name := range f.Names {
		if name == "" {
			l.tmp[exec.Slot(s)] = len(l.tmp) + 1
		}
	}
	if main {
		l.line(0, "main", source.Span{})
	} else {
		l.signature(f)
	}
	l.blocks(1, f.Body)
}

func (l *listing) signature(f *exec.Function) {
	var params, results []string
	for _, p := range f.Params {
		params = append(params, p.Name)
	}
	for _, r := range f.Results {
		results = append(results, r.Name)
	}
	l.line(0, fmt.Sprintf("function %s(%s) -> %s", f.Key, strings.Join(params, ", "), strings.Join(results, ", ")), f.At)
	for _, p := range f.Params {
		if p.Default != nil {
			l.pred(1, "default "+p.Name, p.Default)
		}
	}
}

func (l *listing) blocks(depth int, bs []exec.Block) {
	for _, b := range bs {
		l.block(depth, b)
	}
}

func (l *listing) block(depth int, b exec.Block) {
	switch b := b.(type) {
	case *exec.Basic:
		l.instructions(depth, b.Instrs)
	case *exec.If:
		l.pred(depth, "if", &b.Cond)
		l.blocks(depth+1, b.Then)
		if len(b.Else) > 0 {
			l.line(depth, "else", source.Span{})
			l.blocks(depth+1, b.Else)
		}
		l.release(depth, b.Drop)
	case *exec.While:
		l.pred(depth, "while", &b.Cond)
		l.blocks(depth+1, b.Body)
		l.release(depth, b.Drop)
	case *exec.For:
		l.loop(depth, "for", b)
	case *exec.ParFor:
		if b.Par.Out != exec.NoSlot {
			l.pred(depth, "par", &b.Par)
		}
		l.loop(depth, "parfor", &b.For)
		l.results(depth, b)
	}
}

func (l *listing) loop(depth int, word string, b *exec.For) {
	text := word + " " + l.operand(b.Var) + " ="
	for _, x := range []struct {
		word string
		p    *exec.Pred
	}{{"", &b.From}, {"to ", &b.To}, {"by ", &b.Incr}} {
		if x.p.Out != exec.NoSlot {
			l.instructions(depth, x.p.Instrs)
			text += " " + x.word + l.operand(x.p.Out)
		}
	}
	l.line(depth, text, b.At)
	l.blocks(depth+1, b.Body)
	l.release(depth, b.Drop)
}

func (l *listing) results(depth int, b *exec.ParFor) {
	for _, g := range b.Results {
		word := "merge "
		if g.Accumulate {
			word = "accumulate "
		}
		l.line(depth, word+l.operand(g.Slot), source.Span{})
	}
}

// pred writes a predicate: its instructions, then the word with the operand that holds the result.
func (l *listing) pred(depth int, word string, p *exec.Pred) {
	l.instructions(depth, p.Instrs)
	l.line(depth, word+" "+l.operand(p.Out), p.At)
}

func (l *listing) instructions(depth int, list []exec.Instruction) {
	for _, in := range list {
		m := in.Info()
		if m.Opcode != "release" {
			l.line(depth, l.text(m), m.At)
		}
		l.release(depth, m.Kill)
	}
}

func (l *listing) text(m *exec.Meta) string {
	var b strings.Builder
	b.WriteString(m.Opcode)
	for _, s := range m.In {
		b.WriteString(" " + l.operand(s))
	}
	for i, s := range m.Out {
		if i == 0 {
			b.WriteString(" ->")
		}
		b.WriteString(" " + l.operand(s))
	}
	return b.String()
}

func (l *listing) release(depth int, slots []exec.Slot) {
	if len(slots) == 0 {
		return
	}
	text := "release"
	for _, s := range slots {
		text += " " + l.operand(s)
	}
	l.line(depth, text, source.Span{})
}

// operand names a slot by its variable, a temporary by its number and a constant by its value.
func (l *listing) operand(s exec.Slot) string {
	switch {
	case s == exec.NoSlot:
		return "_"
	case s < 0:
		v := l.fn.Consts[^s]
		if t, ok := v.(string); ok {
			return strconv.Quote(t)
		}
		return value.Text(v)
	}
	if n, ok := l.tmp[s]; ok {
		return "s" + strconv.Itoa(n)
	}
	return l.fn.Names[s]
}
