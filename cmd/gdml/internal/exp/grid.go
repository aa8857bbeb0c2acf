package exp

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// point is one configuration: arguments and data, without a seed.
type point struct {
	script   string
	settings []setting // in file order, none unset
	config   string    // names equal configurations equally
}

// run is one configuration with one seed.
type run struct {
	point
	number int // from 1, counted over all stages
	stage  string
	timing bool
	repeat int // from 1
	seed   int64
}

// value returns a setting, or "".
func (p *point) value(name string) string {
	for _, s := range p.settings {
		if s.name == name {
			return s.value
		}
	}
	return ""
}

// plan is what a command line makes of a sweep.
type plan struct {
	columns []string // of settings: the same whichever stages are chosen
	runs    []run
	twice   int // runs left out because an equal one stands before them
}

// expand returns the runs of the stages whose names are given, or of all. Repeat r of every
// configuration has seed seed0+r. Repeats vary slowest, so that a slow drift of the machine
// touches all configurations alike; then the axes vary in file order, the last fastest.
func (s *Sweep) expand(only []string, repeats int, seed0 int64) (*plan, error) {
	for _, name := range only {
		if !slices.ContainsFunc(s.stages, func(st stage) bool { return st.name == name }) {
			return nil, fmt.Errorf("there is no stage %q; there are %s", name, strings.Join(s.stageNames(), ", "))
		}
	}
	p := &plan{}
	seen := map[string]bool{}
	number := 0
	for i := range s.stages {
		st := &s.stages[i]
		points := s.points(st)
		if len(points) == 0 {
			return nil, fmt.Errorf("stage %s: everything is excluded", st.name)
		}
		for _, pt := range points {
			for _, v := range pt.settings {
				if !slices.Contains(p.columns, v.name) {
					p.columns = append(p.columns, v.name)
				}
			}
		}
		n := st.repeats
		if repeats > 0 {
			n = repeats
		}
		for r := 1; r <= n; r++ {
			for _, pt := range points {
				number++
				u := run{point: pt, number: number, stage: st.name, timing: st.timing, repeat: r, seed: seed0 + int64(r)}
				switch {
				case len(only) > 0 && !slices.Contains(only, st.name):
				case seen[u.key()]:
					p.twice++
				default:
					seen[u.key()] = true
					p.runs = append(p.runs, u)
				}
			}
		}
	}
	return p, nil
}

func (s *Sweep) stageNames() []string {
	var names []string
	for _, st := range s.stages {
		names = append(names, st.name)
	}
	return names
}

// key tells runs apart when a sweep is resumed.
func (r *run) key() string { return fmt.Sprintf("%s/%d", r.config, r.seed) }

// points returns the cross product of the axes without what is excluded.
func (s *Sweep) points(st *stage) []point {
	script := st.script
	if script == "" {
		script = s.script
	}
	grid := [][]setting{nil}
	for _, a := range slices.Concat(override(s.data, st.data), override(s.common, st.params)) {
		var next [][]setting
		for _, g := range grid {
			for _, c := range a.choices {
				next = append(next, with(g, c))
			}
		}
		grid = next
	}
	var out []point
	for _, g := range grid {
		g = slices.DeleteFunc(g, func(v setting) bool { return v.unset })
		if slices.ContainsFunc(st.exclude, func(e []axis) bool { return matches(g, e) }) {
			continue
		}
		out = append(out, point{script: script, settings: g, config: configHash(script, g)})
	}
	return out
}

// override returns the axes of base that over does not name, then those of over.
func override(base, over []axis) []axis {
	var out []axis
	for _, a := range base {
		if !slices.ContainsFunc(over, func(o axis) bool { return o.name == a.name }) {
			out = append(out, a)
		}
	}
	return append(out, over...)
}

// with returns a copy of g in which the settings of c are made; those win.
func with(g, c []setting) []setting {
	out := slices.Clone(g)
	for _, v := range c {
		if i := slices.IndexFunc(out, func(o setting) bool { return o.name == v.name }); i >= 0 {
			out[i] = v
		} else {
			out = append(out, v)
		}
	}
	return out
}

// matches reports whether a point has one of the choices of every axis.
func matches(g []setting, axes []axis) bool {
	has := func(v setting) bool {
		i := slices.IndexFunc(g, func(o setting) bool { return o.name == v.name })
		if v.unset {
			return i < 0
		}
		return i >= 0 && g[i].value == v.value
	}
	for _, a := range axes {
		if !slices.ContainsFunc(a.choices, func(c []setting) bool {
			return !slices.ContainsFunc(c, func(v setting) bool { return !has(v) })
		}) {
			return false
		}
	}
	return true
}

// configHash depends on the names and values alone, not on their order or on directories.
func configHash(script string, g []setting) string {
	var lines []string
	for _, v := range g {
		value := v.value
		if v.name == dataPrefix+"file" {
			value = filepath.Base(value)
		}
		lines = append(lines, v.name+"="+value)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(filepath.Base(script) + "\n" + strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:6])
}
