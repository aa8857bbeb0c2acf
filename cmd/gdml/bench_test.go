package main

import (
	"encoding/json"
	"os"
	osexec "os/exec"
	"regexp"
	"strings"
	"testing"

	"gdml/runtime/matrix"
)

func TestBenchMeasures(t *testing.T) {
	status, out, errs := gdml("bench", "kernels", "-json", "-filter", `^(gemm/64x64x64|mul/4096|sum/4096)$`, "-threads", "1,2", "-time", "1ms")
	if status != exitOK {
		t.Fatalf("status %d: %s", status, errs)
	}
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if len(lines) != 6 {
		t.Fatalf("%d rows; want 6:\n%s", len(lines), out)
	}
	for _, l := range lines {
		var r benchResult
		if err := json.Unmarshal([]byte(l), &r); err != nil {
			t.Fatal(err)
		}
		if !(r.Seconds > 0 && r.Best > 0 && r.Best <= r.Seconds && r.Runs >= 3 && r.Rate > 0 && r.Limit > 0) || r.Unit == "" || r.Tier == "" || r.Threads < 1 {
			t.Errorf("%+v", r)
		}
	}
	status, out, _ = gdml("bench", "-filter", "sum/4096", "-time", "1ms")
	if status != exitOK || !regexp.MustCompile(`kernels +sum/4096 +1 +[0-9.]+ .s +[0-9.]+ GB/s +\d+ %`).MatchString(out) {
		t.Errorf("status %d:\n%s", status, out)
	}
}

func TestBenchUsage(t *testing.T) {
	for args, want := range map[string]string{
		"kernel":              "there are kernels, ops, scripts; did you mean kernels?",
		"ops -threads 0":      "positive integers",
		"-threads 1,x":        "positive integers",
		"-filter (":           "missing closing",
		"-json -frobnicate 3": "not defined",
	} {
		status, _, errs := gdml(append([]string{"bench"}, strings.Fields(args)...)...)
		if status != exitUsage || !strings.Contains(errs, want) {
			t.Errorf("bench %s: status %d, %q; want %q", args, status, errs, want)
		}
	}
}

// All names are different, all programs compile, and the small ones run.
func TestBenchCases(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range benchSuites {
		for _, c := range s.cases() {
			if seen[c.name()] {
				t.Errorf("two cases are called %s", c.name())
			}
			seen[c.name()] = true
			cells := 1
			for _, n := range c.shape {
				cells *= n
			}
			if cells > 1<<20 {
				continue
			}
			run, err := c.make(&matrix.Ctx{Mem: matrix.NewArena(1 << 20)})
			if err == nil && len(c.shape) > 0 {
				err = run()
			}
			if err != nil {
				t.Errorf("%s: %v", c.name(), err)
			}
		}
	}
}

// The comparison with other libraries knows every case.
func TestCompareKnowsTheCases(t *testing.T) {
	text, err := os.ReadFile("../../tests/bench/compare.py")
	if err != nil {
		t.Fatal(err)
	}
	body := string(text)
	body = body[strings.Index(body, "    return {"):]
	for _, s := range benchSuites[:2] {
		for _, c := range s.cases() {
			if !strings.Contains(body, `"`+c.op+`": `) {
				t.Errorf("compare.py has no counterpart of %s", c.op)
			}
		}
	}
	if python, err := osexec.LookPath("python3"); err == nil {
		if out, err := osexec.Command(python, "-c", "import ast; ast.parse(open('../../tests/bench/compare.py').read())").CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}
