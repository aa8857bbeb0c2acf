package exp

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// measures are the columns that are read from the output of a run, in their order in the table.
var measures = []string{
	"obj_before", "obj_after", "drop", "rel_drop", "startup_s", "compile_s", "exec_s", "wall_s", "peak_mb",
	"ps_total_s", "ps_grad_s", "ps_update_s", "ps_pull_s", "ps_request_s", "ps_lock_s", "ps_barrier_s", "ps_validation_s",
	"ps_pushes", "ps_rounds", "stale_mean", "stale_max", "discarded", "bytes", "rel_err", "history",
}

// pattern reads columns out of a line of output: group i of the expression goes to column i.
type pattern struct {
	re      *regexp.Regexp
	columns []string
}

const number = `([-+]?(?:[0-9.]+(?:[eE][-+]?[0-9]+)?|Infinity|NaN))`

// patterns returns what is read besides the history. The last match wins.
func patterns() []pattern {
	p := func(re string, columns ...string) pattern {
		return pattern{regexp.MustCompile(`(?m)` + strings.ReplaceAll(re, "#", number)), columns}
	}
	return []pattern{
		p(`OBJ BEFORE TRAIN *= *#`, "obj_before"),
		p(`OBJ AFTER TRAIN *= *#`, "obj_after"),
		p(`^ *rel_err *= *#`, "rel_err"),
		p(`^  total # s = compile # \+ run #`, "", "compile_s", "exec_s"),
		p(`Paramserv total execution time:\s*#`, "ps_total_s"),
		p(`Paramserv grad compute time:\s*#`, "ps_grad_s"),
		p(`Paramserv model update time:\s*#/#`, "", "ps_update_s"),
		p(`Paramserv model broadcast time:\s*#`, "ps_pull_s"),
		p(`Paramserv RPC request time:\s*#`, "ps_request_s"),
		p(`Paramserv lock wait time:\s*#`, "ps_lock_s"),
		p(`Paramserv barrier wait time:\s*#`, "ps_barrier_s"),
		p(`Paramserv validation time:\s*#`, "ps_validation_s"),
		p(`Paramserv pushes/discarded:\s*#/#`, "ps_pushes", "discarded"),
		p(`Paramserv rounds \(updates\):\s*#`, "ps_rounds"),
		p(`Paramserv staleness min/mean/max:\s*#/#/#`, "", "stale_mean", "stale_max"),
	}
}

// outcome returns the columns that the output of a run has.
func (e *ending) outcome() map[string]string {
	m := map[string]string{"wall_s": decimal(e.wall.Seconds(), 4)}
	text := e.out + "\n" + e.err
	for _, p := range patterns() {
		all := p.re.FindAllStringSubmatch(text, -1)
		if len(all) == 0 {
			continue
		}
		for i, column := range p.columns {
			if column != "" {
				m[column] = strings.TrimSuffix(all[len(all)-1][i+1], ".")
			}
		}
	}
	sizes(m, text)
	if h := history(e.out); h != "" {
		m["history"] = h
	}
	before, okB := parsed(m["obj_before"])
	after, okA := parsed(m["obj_after"])
	if okB && okA {
		m["drop"] = decimal(before-after, -1)
		m["rel_drop"] = decimal((before-after)/before, -1)
	}
	compile, okC := parsed(m["compile_s"])
	ran, okR := parsed(m["exec_s"])
	if okC && okR {
		m["startup_s"] = decimal(max(0, e.wall.Seconds()-compile-ran), 4)
	}
	return m
}

// sizes reads what is printed with a unit or in parts.
func sizes(m map[string]string, text string) {
	if s := regexp.MustCompile(`peak memory ([0-9.]+) ([KMGT]?B)`).FindStringSubmatch(text); s != nil {
		if v, ok := parsed(s[1]); ok {
			i := strings.Index("KMGT", s[2][:1]) // -1 for bytes
			m["peak_mb"] = decimal(v*math.Pow(1024, float64(i-1)), 4)
		}
	}
	if s := regexp.MustCompile(`Paramserv bytes pushed/pulled:\s*(\d+)/(\d+)`).FindStringSubmatch(text); s != nil {
		pushed, _ := parsed(s[1])
		pulled, _ := parsed(s[2])
		m["bytes"] = decimal(pushed+pulled, 0)
	}
}

// history returns the objective after every epoch that was printed, as "0:8.1 1:7.5".
func history(out string) string {
	re := regexp.MustCompile(`(?m)^EPOCHS=(\d+).*OBJ \(FULL DATA\)[:=] *` + number)
	var parts []string
	for _, s := range re.FindAllStringSubmatch(out, -1) {
		parts = append(parts, s[1]+":"+s[2])
	}
	return strings.Join(parts, " ")
}

// parsed reads a number; Infinity and NaN are numbers.
func parsed(s string) (float64, bool) {
	v, err := strconv.ParseFloat(s, 64)
	return v, err == nil
}

func decimal(v float64, digits int) string {
	if digits < 0 {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', digits, 64)
}
