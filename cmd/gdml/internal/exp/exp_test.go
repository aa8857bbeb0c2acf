package exp

import (
	"bytes"
	"fmt"
	"image/png"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// plain writes settings of all runs, a line each.
func plain(p *plan) string {
	var out []string
	for _, r := range p.runs {
		line := fmt.Sprintf("%d %s %d/%d", r.number, r.stage, r.repeat, r.seed)
		for _, s := range r.settings {
			line += " " + s.name + "=" + s.value
		}
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func TestExpand(t *testing.T) {
	for _, c := range []struct{ name, text, stage, want string }{
		{"order", "common: {B: 1e-4, A: TRUE}\nstages: {s: {params: {Y: [2, 1], X: [a, b]}}}", "",
			"1 s 1/1 B=1e-4 A=TRUE Y=2 X=a\n2 s 1/1 B=1e-4 A=TRUE Y=2 X=b\n3 s 1/1 B=1e-4 A=TRUE Y=1 X=a\n4 s 1/1 B=1e-4 A=TRUE Y=1 X=b"},
		{"override", "common: {A: [1, 2], B: 3}\nstages: {s: {params: {A: 5}}}", "", "1 s 1/1 B=3 A=5"},
		{"pairs of seeds", "seed0: 10\nstages: {s: {repeats: 2, params: {A: [1, 2]}}}", "",
			"1 s 1/11 A=1\n2 s 1/11 A=2\n3 s 2/12 A=1\n4 s 2/12 A=2"},
		{"exclude", "stages: {s: {params: {A: [1, 2], B: [x, y]}, exclude: [{A: 1, B: [y]}, {A: 2, B: x}]}}", "", "1 s 1/1 A=1 B=x\n2 s 1/1 A=2 B=y"},
		{"unset", "stages: {s: {params: {U: [BSP, SBP], K: [~, 1]}, exclude: [{U: BSP, K: 1}, {U: SBP, K: ~}]}}", "", "1 s 1/1 U=BSP\n2 s 1/1 U=SBP K=1"},
		{"together", "stages: {s: {params: {cell: [{R: 1, C: 2}, {R: 3, C: 4}], R: 9}}}", "", "1 s 1/1 R=9 C=2\n2 s 1/1 R=9 C=4"},
		{"once", "stages: {s: {params: {A: [1, 1]}}, t: {params: {A: [2, 1]}}}", "", "1 s 1/1 A=1\n3 t 1/1 A=2"},
		{"one stage", "stages: {s: {params: {A: 1}}, t: {params: {A: 1}}}", "t", "2 t 1/1 A=1"},
		{"data", "data: {gen: uniform, rows: [4, 8]}\nstages: {s: {data: {cols: 2}, params: {A: 1}}}", "",
			"1 s 1/1 data.gen=uniform data.rows=4 data.cols=2 A=1\n2 s 1/1 data.gen=uniform data.rows=8 data.cols=2 A=1"},
	} {
		s, err := parse("f.yaml", []byte("script: a.dml\n"+c.text))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		var only []string
		if c.stage != "" {
			only = []string{c.stage}
		}
		p, err := s.expand(only, 0, s.seed0)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if got := plain(p); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", c.name, got, c.want)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	for text, want := range map[string]string{
		"":                                        "empty",
		"[1]":                                     "f.yaml:1: want a mapping",
		"script: a\nstage: {}":                    `f.yaml:2: unknown key "stage"; there are`,
		"script: a":                               "no stages",
		"stages: {s: {}}":                         "stage s has no script",
		"script: a\nstages: {s: {repeats: 0}}":    "f.yaml:2: want an integer of at least 1",
		"script: a\nstages: {s: {timing: x}}":     "true or false",
		"script: a\nstages: {s: {}, s: {}}":       "s",
		"script: a\ncommon: {A: []}":              "A has no values",
		"script: a\ncommon: {A: [[1]]}":           "mapping of arguments",
		"script: a\ncommon: {SEED: 1}":            "SEED cannot be set",
		"script: a\ndata: {row: 1}":               `unknown key "row" of data`,
		"script: a\nstages: {s: {exclude: 1}}":    "list of mappings",
		"script: a\nstages: {s: {exclude: [{}]}}": "exclude everything",
		"script: [":                               "f.yaml",
	} {
		if _, err := parse("f.yaml", []byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want %q", text, err, want)
		}
	}
}

// The configuration of a run has one name, wherever the files lie and in whatever order it is written.
func TestConfigHash(t *testing.T) {
	a := configHash("/x/a.dml", []setting{{name: "A", value: "1"}, {name: "data.file", value: "/x/d.csv"}})
	b := configHash("y/a.dml", []setting{{name: "data.file", value: "y/d.csv"}, {name: "A", value: "1"}})
	c := configHash("y/a.dml", []setting{{name: "data.file", value: "y/d.csv"}, {name: "A", value: "2"}})
	if a != b || a == c || len(a) != 12 {
		t.Error(a, b, c)
	}
}

func TestOutcome(t *testing.T) {
	e := ending{wall: time.Second, out: "WRAPPER FULL OBJ BEFORE TRAIN = 200\nEPOCHS=0 OBJ (FULL DATA): 200.0\n" +
		"EPOCHS=1 iter=57 OBJ (FULL DATA)=1.5E2\nWRAPPER FULL OBJ AFTER TRAIN  = 150\n  rel_err  = 3.07E-10\n",
		err: "  total 0.495 s = compile 0.175 + run 0.320    peak memory 2.0 KB\n  Paramserv pushes/discarded:\t146/11.\n" +
			"  Paramserv bytes pushed/pulled:\t2947740/5854727.\n  Paramserv staleness min/mean/max:\t0/0.25/3, pushes by staleness 0:135.\n"}
	m := e.outcome()
	for k, want := range map[string]string{
		"obj_before": "200", "obj_after": "150", "drop": "50", "rel_drop": "0.25", "compile_s": "0.175", "exec_s": "0.320",
		"startup_s": "0.5050", "wall_s": "1.0000", "rel_err": "3.07E-10", "history": "0:200.0 1:1.5E2", "peak_mb": "0.0020",
		"ps_pushes": "146", "discarded": "11", "bytes": "8802467", "stale_mean": "0.25", "stale_max": "3",
	} {
		if m[k] != want {
			t.Errorf("%s is %q; want %q", k, m[k], want)
		}
	}
	e = ending{out: "OBJ BEFORE TRAIN = 1\nOBJ AFTER TRAIN = NaN\n"}
	if m := e.outcome(); m["obj_after"] != "NaN" || m["drop"] != "NaN" {
		t.Errorf("a diverged run gives %v", m)
	}
}

// Known quantiles: t(9) at 97.5 % is 2.262, chi2(4) lies within 0.4844 and 11.143.
func TestEstimates(t *testing.T) {
	v := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	e := estimated(v)
	if e.n != 10 || e.mean != 5.5 || math.Abs(e.half-2.2621572*e.sd/math.Sqrt(10)) > 1e-6 {
		t.Errorf("%+v", e)
	}
	if e := estimated([]float64{7}); e.mean != 7 || e.half != 0 {
		t.Errorf("%+v", e)
	}
	low, high := sdInterval(1, 5)
	if math.Abs(low-math.Sqrt(4/11.1433)) > 1e-4 || math.Abs(high-math.Sqrt(4/0.484419)) > 1e-3 {
		t.Error(low, high)
	}
	if got := exponent([]float64{1, 10, 100}, []float64{3, 300, 30000}); math.Abs(got-2) > 1e-12 {
		t.Error(got)
	}
	// Of ten values the second and the ninth: the chance of missing the median is 2*11/1024.
	if low, high, ok := medianInterval(v); !ok || low != 2 || high != 9 {
		t.Error(low, high, ok)
	}
	if low, high, ok := medianInterval(v[:6]); !ok || low != 1 || high != 6 {
		t.Error(low, high, ok)
	}
	if _, _, ok := medianInterval(v[:5]); ok {
		t.Error("five values have no interval")
	}
}

func TestGrouped(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 0.30000000000000004: "0.3", 999: "999", 1052500: "1,052,500", -1234.5: "-1,234.5", -100: "-100", 1e-7: "1e-07"} {
		if got := grouped(v); got != want {
			t.Errorf("%v is %s; want %s", v, got, want)
		}
	}
}

func TestEstimateText(t *testing.T) {
	for _, c := range []struct {
		e    estimate
		want string
	}{
		{estimate{n: 20, mean: 1078250.4, half: 3571, sd: 7600}, "1078250 ± 3571 (sd 7600)"},
		{estimate{n: 5, mean: 2.14449, half: 0.0631, sd: 0.13}, "2.144 ± 0.063 (sd 0.130)"},
		{estimate{n: 2, mean: 3}, "3 ± 0 (sd 0)"}, {estimate{n: 1, mean: 1.5}, "1.5"}, {estimate{}, "-"},
	} {
		if got := c.e.String(); got != c.want {
			t.Errorf("%+v: %s; want %s", c.e, got, c.want)
		}
	}
}

var build = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gdml")
	if err != nil {
		return "", err
	}
	bin := filepath.Join(dir, "gdml")
	out, err := exec.Command("go", "build", "-o", bin, "gdml/cmd/gdml").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w: %s", err, out)
	}
	return bin, err
})

func TestMain(m *testing.M) {
	status := m.Run()
	if bin, err := build(); err == nil {
		os.RemoveAll(filepath.Dir(bin))
	}
	os.Exit(status)
}

func binary(t *testing.T) string {
	t.Helper()
	bin, err := build()
	if err != nil {
		t.Fatal(err)
	}
	return bin
}

// call runs a command line in this process; runs are processes of bin.
func call(bin string, argv ...string) (int, string, string) {
	var out, errs bytes.Buffer
	c := Command{Out: &out, Err: &errs, Version: "test", Binary: bin}
	return c.Run(argv), out.String(), errs.String()
}

// write makes files in a new directory.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func load(t *testing.T, path string) *results {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := parseTable(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// A real sweep of the autoencoder: objectives start equal in pairs, and figures come of it.
func TestSweep(t *testing.T) {
	script, err := filepath.Abs("../../../../scripts/examples/autoencoder.dml")
	if err != nil {
		t.Fatal(err)
	}
	dir := write(t, map[string]string{"tiny.yaml": "script: " + script + `
data: {gen: lr4, rows: 64, cols: 6, seed: 3}
common: {H1: 3, EPOCH: 2, BATCH: 16, STEP: 0.01}
stages:
  default: {repeats: 2, params: {METHOD: DEFAULTSERVER}}
  ps: {repeats: 2, timing: true, params: {METHOD: PARAMSERV, WORKERS: 2, UTYPE: BSP}}
`})
	csv := filepath.Join(dir, "r.csv")
	status, _, errs := call(binary(t), filepath.Join(dir, "tiny.yaml"), "-output", csv, "-jobs", "2")
	if status != exitOK || !strings.Contains(errs, "4 runs, 0 failed") {
		t.Fatalf("status %d: %s", status, errs)
	}
	r := load(t, csv)
	starts := map[string]string{}
	for _, row := range r.successful() {
		seed, before := r.text(row, "seed"), r.text(row, "obj_before")
		if old, ok := starts[seed]; ok && old != before {
			t.Errorf("seed %s starts at %s and at %s", seed, old, before)
		}
		starts[seed] = before
		if v, ok := r.number(row, "rel_drop"); !ok || v <= 0 || v >= 1 {
			t.Errorf("drop of %v in %v", v, row)
		}
		if len(curve(r.text(row, "history"))) != 3 {
			t.Errorf("history %q", r.text(row, "history"))
		}
	}
	if len(starts) != 2 || starts["1"] == starts["2"] {
		t.Errorf("starts %v", starts)
	}
	if b, err := os.ReadFile(csv + ".env.jsonl"); err != nil || !strings.Contains(string(b), `"gomaxprocs":`) {
		t.Errorf("environment %s, %v", b, err)
	}
	if status, _, errs := call(binary(t), filepath.Join(dir, "tiny.yaml"), "-output", csv); status != exitUsage || !strings.Contains(errs, "-resume") {
		t.Errorf("a table is there: status %d, %s", status, errs)
	}
	status, out, errs := call("", "plot", csv)
	if status != exitOK || !strings.Contains(out, "convergence_w2.svg") {
		t.Errorf("plot: status %d, %s%s", status, out, errs)
	}
}

// One run of three fails; the others go on, and -resume tries only that one again.
func TestFailuresAndResume(t *testing.T) {
	dir := write(t, map[string]string{
		"f.dml":  "if ($A == 2) stop(\"two, \\\"never\\\"\")\nprint(\"OBJ AFTER TRAIN = \" + $A)",
		"f.yaml": "script: f.dml\nstages: {s: {params: {A: [1, 2, 3]}}}",
	})
	csv, yaml := filepath.Join(dir, "f.csv"), filepath.Join(dir, "f.yaml")
	status, _, errs := call(binary(t), yaml, "-output", csv, "-retries", "2")
	if status != exitRun || strings.Count(errs, "trying again") != 2 || !strings.Contains(errs, "two") {
		t.Errorf("status %d: %s", status, errs)
	}
	r := load(t, csv)
	if len(r.rows) != 3 || r.text(r.rows[1], "attempts") != "3" || r.text(r.rows[1], "rc") != "1" || !strings.Contains(r.text(r.rows[1], "error"), "two") ||
		r.text(r.rows[2], "obj_after") != "3" {
		t.Fatalf("%v", r.rows)
	}
	// A sweep that died while writing leaves half a line.
	text, err := os.ReadFile(csv)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(csv, append(text, "4,s,\"torn"...), 0o666); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := call(binary(t), yaml, "-output", csv, "-resume", "-retries", "0"); status != exitRun || !strings.Contains(errs, "1 runs, 1 failed, 2 skipped") {
		t.Errorf("status %d: %s", status, errs)
	}
	if r := load(t, csv); len(r.rows) != 3 || r.text(r.rows[0], "run") != "1" || r.text(r.rows[2], "run") != "2" {
		t.Errorf("%v", r.rows)
	}
	other := filepath.Join(dir, "g.yaml")
	if err := os.WriteFile(other, []byte("script: f.dml\nstages: {s: {params: {Z: 1}}}"), 0o666); err != nil {
		t.Fatal(err)
	}
	if status, _, errs := call(binary(t), other, "-output", csv, "-resume"); status != exitUsage || !strings.Contains(errs, "other columns") {
		t.Errorf("status %d: %s", status, errs)
	}
}

func TestTimeout(t *testing.T) {
	dir := write(t, map[string]string{
		"f.dml":  "i = 0\nwhile ($A == 1) { i = i + 1 }\nprint(i)",
		"f.yaml": "script: f.dml\nstages: {s: {params: {A: [1, 2]}}}",
	})
	csv := filepath.Join(dir, "f.csv")
	status, _, errs := call(binary(t), filepath.Join(dir, "f.yaml"), "-output", csv, "-timeout", "3s", "-retries", "0")
	r := load(t, csv)
	if status != exitRun || len(r.rows) != 2 || r.text(r.rows[0], "rc") != "124" || r.text(r.rows[1], "rc") != "0" {
		t.Errorf("status %d, rows %v: %s", status, r.rows, errs)
	}
}

// The children of a run die with it: otherwise the sleeping one would keep its output open.
func TestGroupIsKilled(t *testing.T) {
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		t.Skip("no shell")
	}
	pid := filepath.Join(t.TempDir(), "pid")
	p := process{path: sh, args: []string{"-c", "sleep 60 & echo $! > " + pid + "; wait"}, timeout: 300 * time.Millisecond}
	e := p.run(t.Context())
	if e.rc != rcTimeout || e.wall > 30*time.Second || !e.retryable() {
		t.Errorf("%+v", e)
	}
}

// On a terminal one line is written over and over.
func TestProgress(t *testing.T) {
	dir := write(t, map[string]string{"f.dml": "print($A)", "f.yaml": "script: f.dml\nstages: {s: {params: {A: [1, 2]}}}"})
	var errs bytes.Buffer
	c := Command{Out: &errs, Err: &errs, Binary: binary(t), Terminal: true}
	status := c.Run([]string{filepath.Join(dir, "f.yaml"), "-output", filepath.Join(dir, "f.csv")})
	if status != exitOK || !strings.Contains(errs.String(), "\r\x1b[K1/2 runs, 0 failed, ") || !strings.Contains(errs.String(), "\r\x1b[K2/2 runs, 0 failed, ") || !strings.Contains(errs.String(), "about 0s left (s)\n") {
		t.Errorf("status %d: %q", status, errs.String())
	}
}

// A sweep is killed in the middle; what is finished is not run again.
func TestResumeAfterKill(t *testing.T) {
	bin := binary(t)
	dir := write(t, map[string]string{
		"f.dml":  "i = 0\nwhile (i < 300000) { i = i + 1 }\nprint(i)",
		"f.yaml": "script: f.dml\nstages: {s: {repeats: 30, params: {A: [1, 2]}}}",
	})
	csv, yaml := filepath.Join(dir, "f.csv"), filepath.Join(dir, "f.yaml")
	finished := killed(t, exec.Command(bin, "exp", yaml, "-output", csv), csv, 3)
	if finished < 3 || finished >= 60 {
		t.Fatalf("%d runs were finished when the sweep was killed", finished)
	}
	status, _, errs := call(bin, yaml, "-output", csv, "-resume", "-jobs", "2")
	if status != exitOK || !strings.Contains(errs, fmt.Sprintf("%d runs, 0 failed, %d skipped", 60-finished, finished)) {
		t.Fatalf("status %d: %s", status, errs)
	}
	r := load(t, csv)
	var runs []string
	for _, row := range r.rows {
		runs = append(runs, r.text(row, "run"))
	}
	slices.Sort(runs)
	if len(slices.Compact(runs)) != 60 || len(r.rows) != 60 {
		t.Errorf("%d rows of %d runs", len(r.rows), len(slices.Compact(runs)))
	}
}

// The quick sweep of the repository: killed with SIGKILL in the middle and started again it ends with the table of a
// sweep that was left alone, and no run is repeated.
func TestFastSweepAfterKill(t *testing.T) {
	bin, dir := binary(t), t.TempDir()
	yaml := "../../../../scripts/experiments/epoch_curve_fast.yaml"
	whole, torn := filepath.Join(dir, "whole.csv"), filepath.Join(dir, "torn.csv")
	if status, _, errs := call(bin, yaml, "-output", whole); status != exitOK || !strings.Contains(errs, "6 runs, 0 failed") {
		t.Fatalf("status %d: %s", status, errs)
	}
	finished := killed(t, exec.Command(bin, "exp", yaml, "-output", torn), torn, 2)
	if finished < 2 || finished > 5 {
		t.Fatalf("%d runs were finished when the sweep was killed", finished)
	}
	kept, err := os.ReadFile(torn)
	if err != nil {
		t.Fatal(err)
	}
	status, _, errs := call(bin, yaml, "-output", torn, "-resume")
	if status != exitOK || !strings.Contains(errs, fmt.Sprintf("%d runs, 0 failed, %d skipped", 6-finished, finished)) {
		t.Fatalf("status %d: %s", status, errs)
	}
	text, err := os.ReadFile(torn)
	if complete := kept[:bytes.LastIndexByte(kept, '\n')+1]; err != nil || !bytes.HasPrefix(text, complete) {
		t.Errorf("the rows of finished runs have changed from\n%sto\n%s%v", complete, text, err)
	}
	if a, b := lasting(load(t, whole)), lasting(load(t, torn)); a != b || strings.Count(a, "\n") != 6 {
		t.Errorf("left alone:\n%skilled and resumed:\n%s", a, b)
	}
}

// killed starts a sweep, kills it when its table has n rows, and returns how many it has then.
func killed(t *testing.T, cmd *exec.Cmd, csv string, n int) int {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	rows := func() int {
		b, _ := os.ReadFile(csv)
		return bytes.Count(b, []byte("\n")) - 1
	}
	for deadline := time.Now().Add(time.Minute); rows() < n && time.Now().Before(deadline); {
		time.Sleep(5 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait() // killed
	return rows()
}

// lasting are the cells of a table that do not depend on the speed of the machine.
func lasting(r *results) string {
	var b strings.Builder
	for _, row := range r.rows {
		for i, h := range r.header {
			if !strings.HasSuffix(h, "_s") && h != "peak_mb" {
				fmt.Fprintf(&b, "%s=%s ", h, row[i])
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

func TestUsage(t *testing.T) {
	for args, want := range map[string]string{
		"":                   "file is missing",
		"a.yaml b.yaml":      "one sweep at a time",
		"none.yaml":          "none.yaml",
		"a.yaml -jobs 0":     "-jobs",
		"a.yaml -retries -1": "-retries",
		"a.yaml -timeout 0s": "-timeout",
		"a.yaml -repeats 0":  "-repeats",
		"a.yaml -seed0 -3":   "-seed0",
		"a.yaml -frobnicate": "not defined",
		"plot":               "file is missing",
		"plot none.csv":      "none.csv",
		"plot testdata/training.csv testdata/none.csv": "none.csv",
		"testdata/sweep.yaml -stage x":                 "no stage \"x\"; there are one, two",
	} {
		if status, _, errs := call("", strings.Fields(args)...); status != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("exp %s: status %d, %q; want %q", args, status, errs, want)
		}
	}
	status, out, _ := call("", "testdata/sweep.yaml", "-dry-run", "-repeats", "1", "-seed0", "4", "-stage", "two")
	if want := "gdml run -f testdata/f.dml -stats -seed 5 -threads 1 -nvargs X=testdata/x.csv 'T=a b' SEED=5\n"; status != exitOK || out != want {
		t.Errorf("status %d: %q; want %q", status, out, want)
	}
}

// The sweeps of the repository have the sizes that their comments and the manual name.
func TestShippedSweeps(t *testing.T) {
	for name, runs := range map[string]int{
		"e16_default": 5, "e16_ps_w2": 20, "e16_ps_w4": 40, "epoch_curve": 75, "epoch_curve_sbp": 90, "epoch_curve_fast": 6, "gradient_check": 90, "stress_suite": 117, "lr4": 270, "few_rows": 340, "large_step": 25,
	} {
		s, err := Load(filepath.Join("../../../../scripts/experiments", name+".yaml"))
		if err != nil {
			t.Error(err)
			continue
		}
		p, err := s.expand(nil, 0, s.seed0)
		if err != nil || len(p.runs) != runs {
			t.Errorf("%s: %d runs, %v; want %d", name, len(p.runs), err, runs)
		}
		if _, err := p.datasets(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, r := range p.runs {
			if !exists(r.script) {
				t.Errorf("%s: there is no %s", name, r.script)
				break
			}
		}
	}
}

// Tables of several sweeps are compared as one: the first configuration of the first is what others are compared with.
func TestPlotSeveralTables(t *testing.T) {
	dir := write(t, map[string]string{
		"a.csv": "run,stage,config,repeat,seed,METHOD,rc,attempts,obj_before,obj_after,wall_s,error\n" +
			"2,s,c,2,2,ONE,0,1,9,7,1,\n1,s,c,1,1,ONE,0,1,8,5,1,\n",
		"b.csv": "run,stage,config,repeat,seed,WORKERS,METHOD,rc,attempts,obj_before,obj_after,wall_s,error\n" +
			"1,s,c,1,1,2,PS,0,1,8,6,2,\n2,s,c,2,2,2,PS,0,1,9,8.5,2,\n3,s,c,3,3,2,PS,1,1,,,2,failed\n",
	})
	status, _, errs := call("", "plot", filepath.Join(dir, "a.csv"), filepath.Join(dir, "b.csv"))
	if status != exitOK {
		t.Fatalf("status %d: %s", status, errs)
	}
	text, err := os.ReadFile(filepath.Join(dir, "figures", "summary_statistics.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"4 successful runs of 2 configurations; 1 runs failed.", "METHOD=ONE", "minus that of \"METHOD=ONE\"", "METHOD=PS WORKERS=2  n=2  1.25 ± 3.18"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// Both tables together allow every figure; a picture has more than one colour.
func TestFigures(t *testing.T) {
	drawn := map[string]bool{}
	for _, table := range []string{"testdata/training.csv", "testdata/gradients.csv"} {
		dir := t.TempDir()
		status, out, errs := call("", "plot", table, "-dir", dir)
		if status != exitOK {
			t.Fatalf("%s: status %d: %s", table, status, errs)
		}
		for path := range strings.Lines(out) {
			if path = strings.TrimSpace(path); filepath.Ext(path) == ".svg" {
				name := strings.TrimSuffix(path, ".svg")
				drawn[filepath.Base(name)] = true
				checkPicture(t, name)
			}
		}
		if b, err := os.ReadFile(filepath.Join(dir, "summary_statistics.txt")); err != nil || !strings.Contains(string(b), "±") {
			t.Errorf("%s: summary %s, %v", table, b, err)
		}
	}
	for _, f := range figures() {
		if !drawn[f.name] {
			t.Errorf("%s was not drawn", f.name)
		}
	}
}

func checkPicture(t *testing.T, name string) {
	t.Helper()
	svg, err := os.ReadFile(name + ".svg")
	if err != nil || !bytes.Contains(svg, []byte("</svg>")) || !bytes.Contains(svg, []byte("n=")) {
		t.Errorf("%s.svg: %v", name, err)
	}
	f, err := os.Open(name + ".png")
	if err != nil {
		t.Error(err)
		return
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Errorf("%s.png: %v", name, err)
		return
	}
	colors := map[[4]uint32]bool{}
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y += 2 {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x += 2 {
			r, g, b, a := img.At(x, y).RGBA()
			colors[[4]uint32{r, g, b, a}] = true
		}
	}
	if len(colors) < 10 {
		t.Errorf("%s.png has %d colours", name, len(colors))
	}
}
