package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
)

func TestParseSize(t *testing.T) {
	tests := []struct {
		in, want string
	}{
		{"8G", "8589934592"}, {"500M", "524288000"}, {"1.5g", "1610612736"}, {"64MiB", "67108864"}, {"100MB", "104857600"},
		{"33554432", "33554432"}, {"20480K", "20971520"}, {"1t", "1099511627776"},
		{"8X", "not a size"}, {"", "not a size"}, {"G", "not a size"}, {"-1G", "not a size"}, {"NaN", "not a size"}, {"9e30G", "not a size"},
		{"1M", "too little"}, {"0", "not a size"},
	}
	for _, tt := range tests {
		n, err := parseSize(tt.in)
		got := fmt.Sprint(n)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, tt.want) {
			t.Errorf("parseSize(%q) = %s; want %s", tt.in, got, tt.want)
		}
	}
}

// gdml runs a command line and returns its status and outputs.
func gdml(argv ...string) (status int, out, errs string) {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(-1)) // a run with a limit changes it
	var o, e bytes.Buffer
	status = run(&system{in: strings.NewReader(""), out: &o, err: &e, env: func(string) string { return "" }}, argv)
	return status, o.String(), e.String()
}

// Six matrices of 8 MB each are read in turn while 32 MB are allowed.
const crowd = `
A = rand(rows=1000, cols=1000, seed=1)
B = rand(rows=1000, cols=1000, seed=2)
C = rand(rows=1000, cols=1000, seed=3)
D = rand(rows=1000, cols=1000, seed=4)
E = rand(rows=1000, cols=1000, sparsity=0.2, seed=5)
F = rand(rows=1000, cols=1000, seed=6)
f = function(matrix[double] X, matrix[double] Y) return (matrix[double] Z) { Z = X * Y + 1 }
s = 0
for (i in 1:4) {
  s = s + sum(A * i) + sum(B + i) + sum(C - D) + sum(E)
  F = f(F, A)
  parfor (j in 1:3) { F[j, ] = B[j, ] + colSums(C) }
  L = list(A, B)
  D = as.matrix(L[2]) * 2
}
print(s + sum(F) + sum(D))
`

func TestLimitBelowTheLiveSet(t *testing.T) {
	status, want, errs := gdml("-s", crowd)
	if status != exitOK {
		t.Fatalf("without a limit: %d, %s", status, errs)
	}
	// Side by side the workers of the parfor pin their operands and a result each, so they need more.
	for threads, limit := range map[string]string{"1": "44M", "3": "54M"} {
		status, got, errs := gdml("-s", crowd, "-mem-limit", limit, "-tmpdir", t.TempDir(), "-threads", threads, "-stats")
		if status != exitOK || got != want {
			t.Errorf("%s threads: status %d, %q; want %q\n%s", threads, status, got, want, errs)
		}
		if threads == "1" && !strings.Contains(errs, "Moved to disk: ") { // how much is pinned at once depends on timing otherwise
			t.Errorf("%s threads: nothing was moved to disk:\n%s", threads, errs)
		}
	}
}

func TestTooLargeForTheLimit(t *testing.T) {
	status, _, errs := gdml("-s", "x = 1\nA = rand(rows=3000, cols=1000)\nprint(sum(A))", "-mem-limit", "20M")
	if status != exitRun || !strings.Contains(errs, ":2:5: ") || !strings.Contains(errs, "out of memory: 22.9 MB are needed here, but ") ||
		!strings.Contains(errs, "of the limit of 17.5 MB") {
		t.Errorf("status %d:\n%s", status, errs)
	}
	status, _, errs = gdml("-s", "print(1)", "-tmpdir", filepath.Join(t.TempDir(), "none"))
	if status != exitUsage || !strings.Contains(errs, "is not a directory") {
		t.Errorf("status %d:\n%s", status, errs)
	}
}

func TestMachineMemory(t *testing.T) {
	files := map[string]string{"/proc/meminfo": "MemTotal:       2048 kB\nMemFree:  1 kB\nSwapTotal:      1024 kB\n"}
	read := func(name string) ([]byte, error) {
		if text, ok := files[name]; ok {
			return []byte(text), nil
		}
		return nil, fs.ErrNotExist
	}
	if n := machineMemory(read); n != 3072<<10 {
		t.Errorf("%d bytes", n)
	}
	files["/sys/fs/cgroup/memory.max"] = "max\n"
	if n := machineMemory(read); n != 3072<<10 {
		t.Errorf("%d bytes in a container without a limit", n)
	}
	files["/sys/fs/cgroup/memory.max"] = "1048576\n"
	if n := machineMemory(read); n != 1<<20 {
		t.Errorf("%d bytes in a container", n)
	}
	clear(files)
	if n := machineMemory(read); n != 0 {
		t.Errorf("%d bytes of an unknown machine", n)
	}
}

// TestTooLargeForTheMachine asks for matrices that no machine has room for.
func TestTooLargeForTheMachine(t *testing.T) {
	if machineMemory(os.ReadFile) == 0 {
		t.Skip("the memory of this machine is not known")
	}
	for _, x := range []string{
		"rand(rows=100000000, cols=100000)", "rand(rows=100000000, cols=100000, sparsity=0.1)",
		"matrix(7, 100000000, 100000) * 2", "seq(1, 1e12)", "rand(rows=10000000, cols=1) %*% rand(rows=1, cols=1000000)",
	} {
		status, _, errs := gdml("-s", "X = "+x+"; print(sum(X))")
		if status != exitRun || !strings.Contains(errs, "out of memory: ") || !strings.Contains(errs, "this machine has") {
			t.Errorf("%s: status %d, %s", x, status, errs)
		}
	}
}
