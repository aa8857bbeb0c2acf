package exp

import (
	"bytes"
	"fmt"
	"math"
	"text/tabwriter"
)

// summary is the text of summary_statistics.txt: a line for each configuration, and what
// the others differ from the first, in pairs of runs that started from the same objective.
func (t *results) summary(rows [][]string) []byte {
	var b bytes.Buffer
	groups := t.groups(rows)
	fmt.Fprintf(&b, "%d successful runs of %d configurations; %d runs failed.\n", len(rows), len(groups), len(t.rows)-len(rows))
	b.WriteString("Numbers are means ± half of the 95 % confidence interval (Student), with the standard deviation.\n\n")
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "configuration\tn")
	columns := []string{}
	for _, c := range []string{"obj_before", "obj_after", "drop", "startup_s", "compile_s", "exec_s", "wall_s", "rel_err"} {
		if len(t.numbers(rows, c)) > 0 {
			columns = append(columns, c)
			fmt.Fprintf(w, "\t%s", c)
		}
	}
	fmt.Fprintln(w)
	for _, g := range groups {
		fmt.Fprintf(w, "%s\t%d", g.label, len(g.rows))
		for _, c := range columns {
			fmt.Fprintf(w, "\t%s", estimated(t.numbers(g.rows, c)))
		}
		fmt.Fprintln(w)
	}
	w.Flush() // to memory: cannot fail
	t.pairs(&b, groups)
	return b.Bytes()
}

// String shows the mean, the interval and the deviation if there are any: with two digits of interval and deviation, and
// no fewer than all digits before the point.
func (e estimate) String() string {
	switch {
	case e.n == 0:
		return "-"
	case e.n == 1:
		return fmt.Sprintf("%.6g", e.mean)
	case e.half == 0 || e.half < 1e-4 || math.Abs(e.mean) >= 1e15:
		return fmt.Sprintf("%.6g ± %.2g (sd %.2g)", e.mean, e.half, e.sd)
	}
	digits := max(0, 1-int(math.Floor(math.Log10(min(e.half, e.sd)))))
	return fmt.Sprintf("%.*f ± %.*f (sd %.*f)", digits, e.mean, digits, e.half, digits, e.sd)
}

// pairs compares final objectives with those of the first configuration, seed by seed.
func (t *results) pairs(b *bytes.Buffer, groups []group) {
	base := map[string]float64{}
	start := func(r []string) string { return t.text(r, "seed") + " " + t.text(r, "obj_before") }
	for _, r := range t.having(groups[0].rows, "obj_before", "obj_after") {
		base[start(r)], _ = t.number(r, "obj_after")
	}
	head := fmt.Sprintf("\nFinal objective minus that of %q, in pairs of equal seed and equal start:\n", groups[0].label)
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, g := range groups[1:] {
		var d []float64
		for _, r := range t.having(g.rows, "obj_before", "obj_after") {
			if v, ok := base[start(r)]; ok {
				own, _ := t.number(r, "obj_after")
				d = append(d, own-v)
			}
		}
		if len(d) < 2 {
			continue
		}
		e := estimated(d)
		verdict := "the interval includes 0"
		if e.mean-e.half > 0 || e.mean+e.half < 0 {
			verdict = "difference"
		}
		fmt.Fprintf(w, "%s%s\tn=%d\t%s\t%s\n", head, g.label, e.n, e, verdict)
		head = ""
	}
	w.Flush()
}
