package tests

import (
	"bytes"
	"context"
	"fmt"
	"os"
	osexec "os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gdml/compiler"
	"gdml/runtime/exec"
	"gdml/runtime/par"
	"gdml/runtime/pool"
)

// The tests of this file measure the memory of a process of its own, which is this
// test binary started with the script in childScript. With bigScripts set they use
// matrices of 100 MB.
const (
	childScript = "GDML_TEST_SCRIPT"
	bigScripts  = "GDML_TEST_BIG"
)

const mb = 1 << 20

// matrixSize returns the rows of a matrix with 1000 columns, and its bytes.
func matrixSize() (rows int, bytes int64) {
	rows = 2000
	if os.Getenv(bigScripts) != "" {
		rows = 13000
	}
	return rows, 8 * 1000 * int64(rows)
}

// execute runs a script with what the command would give it.
func execute(tb testing.TB, script string) string {
	tb.Helper()
	return executeIn(tb, pool.Make(pool.Options{Keep: 2 << 30}), script)
}

func executeIn(tb testing.TB, memory *pool.Pool, script string) string {
	tb.Helper()
	r, ds := compiler.Compile(context.Background(), compiler.Source{Name: "m.dml", Text: script}, compiler.Options{Level: compiler.O2})
	if ds.HasErrors() {
		tb.Fatal(ds.All())
	}
	var out bytes.Buffer
	m := exec.New(r.Program, exec.Options{
		Out: &out, Seeded: true, Workers: par.New(2).Spinning(time.Millisecond), Pool: memory,
	})
	defer m.Close()
	if err := m.Run(context.Background()); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

// TestMemoryChild is the child process: it prints the most memory it has had.
func TestMemoryChild(t *testing.T) {
	script := os.Getenv(childScript)
	if script == "" {
		t.Skip("only as a child process")
	}
	execute(t, script)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range strings.Split(string(status), "\n") {
		if kb, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			fmt.Println("peak", strings.Fields(kb)[0])
		}
	}
}

// peak returns the most memory a process that runs script has had, in bytes.
func peak(t *testing.T, script string) int64 {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("needs /proc")
	}
	cmd := osexec.Command(os.Args[0], "-test.run=^TestMemoryChild$", "-test.v")
	cmd.Env = append(os.Environ(), childScript+"="+script)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	f := strings.Fields(string(out))
	i := slices.Index(f, "peak")
	if i < 0 {
		t.Fatalf("no peak:\n%s", out)
	}
	kb, err := strconv.ParseInt(f[i+1], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return kb << 10
}

// A long script of dependent operations needs the memory of the matrices that are alive, not of those it has made.
func TestPeakOfDependentOperations(t *testing.T) {
	rows, bytes := matrixSize()
	script := func(rows int) string {
		var b strings.Builder
		fmt.Fprintf(&b, "A = rand(rows=%d, cols=1000, seed=1)\nB = rand(rows=%[1]d, cols=1000, seed=2)\n", rows)
		for i := range 50 {
			fmt.Fprintf(&b, "A = A / (1 + B * B) + %d\nB = B - A / 3\nA = abs(A) * 0.001 + B\nB = rev(B) * 0.5\n", i)
		}
		return b.String() + "print(sum(A) + sum(B))\n"
	}
	base, got := peak(t, script(2)), peak(t, script(rows))
	t.Logf("base %d MB, peak %d MB, matrix %d MB", base/mb, got/mb, bytes/mb)
	if limit := base + 4*bytes + 4*bytes/10; got > limit {
		t.Errorf("%d MB at the peak; want at most %d", got/mb, limit/mb)
	}
}

// A loop that makes the same matrix again and again does not grow.
func TestPeakOfALoop(t *testing.T) {
	rows, bytes := matrixSize()
	loop := func(n int) string {
		return fmt.Sprintf(`A = rand(rows=%d, cols=1000, seed=1)
B = rand(rows=%[1]d, cols=1000, seed=2)
s = 0
for (i in 1:%d) { C = A * B; s = s + as.scalar(C[1,1]) }
print(s + sum(C))`, rows, n)
	}
	few, many := peak(t, loop(3)), peak(t, loop(50))
	t.Logf("3 times %d MB, 50 times %d MB", few/mb, many/mb)
	if many > few+bytes/4 {
		t.Errorf("3 times %d MB, 50 times %d MB", few/mb, many/mb)
	}
}

// The product of factors is not stored where a sparse matrix needs few of its cells: it would take 72 MB.
func TestPeakOfSampledProduct(t *testing.T) {
	got := peak(t, `i = seq(1, 5000)
X = table(ceil(i * 0.6), 1 + (7 * i) %% 3000, 1 + i %% 5, 3000, 3000)
U = rand(rows=3000, cols=5, min=0.1, max=1, seed=1)
V = rand(rows=3000, cols=5, min=0.1, max=1, seed=2)
loss = sum((X != 0) * (X - U %*% t(V))^2)
G = ((X != 0) * (U %*% t(V) - X)) %*% V
U = U * ((X / (U %*% t(V) + 1e-15)) %*% V) / colSums(V)
print(sum(X != 0) + " " + loss + " " + sum(G) + " " + sum(X * log(U %*% t(V) + 1e-15)))`)
	base := peak(t, "print(1)")
	t.Logf("base %d MB, peak %d MB", base/mb, got/mb)
	if got > base+36*mb {
		t.Errorf("%d MB at the peak of a base of %d MB", got/mb, base/mb)
	}
}

// The buffers of a loop come from those it has released.
func TestBuffersAreReused(t *testing.T) {
	script := `A = rand(rows=500, cols=400, seed=1)
B = rand(rows=500, cols=400, seed=2)
for (i in 1:50) { C = A * B; D = t(C) %*% A; E = exp(C) - rowSums(A); F = matrix(i, 500, 400) + C[, 1:400] }
print(sum(C) + sum(D) + sum(E) + sum(F))`
	memory := pool.Make(pool.Options{Keep: 2 << 30})
	executeIn(t, memory, script)
	s := memory.Arena().Stats()
	if s.Taken < 200 || s.Taken-s.Reused > 20 {
		t.Errorf("%d buffers were taken, only %d of them used again", s.Taken, s.Reused)
	}
}

// Assigning a row costs the row, not the matrix.
func TestUpdateInPlace(t *testing.T) {
	script := func(rows int) string {
		return fmt.Sprintf(`X = matrix(0, %d, 100)
r = matrix(1, 1, 100)
for (i in 1:2000) { X[i,] = r * i }
print(sum(X))`, rows)
	}
	best := func(rows int) time.Duration {
		var d []time.Duration
		for range 5 {
			start := time.Now()
			if out := execute(t, script(rows)); out != "2.001E8\n" {
				t.Fatalf("sum %s", out)
			}
			d = append(d, time.Since(start))
		}
		return slices.Min(d)
	}
	small, large := best(2000), best(20000)
	// The larger matrix is 16 MB: 2000 copies of it would take seconds.
	if large > 10*small+200*time.Millisecond {
		t.Errorf("2000 rows: %v, of 20000 rows: %v", small, large)
	}
}

func BenchmarkUpdateRows(b *testing.B) {
	for b.Loop() {
		execute(b, "X = matrix(0, 10000, 100)\nr = matrix(1, 1, 100)\nfor (i in 1:10000) { X[i,] = r }\nprint(sum(X))")
	}
}

func BenchmarkScalarLoop(b *testing.B) {
	for b.Loop() {
		execute(b, "s = 0.0\ni = 0\nwhile (i < 1000000) { i = i + 1; s = s + i * 2.0 }\nprint(s)")
	}
}

func BenchmarkMiniBatches(b *testing.B) {
	for b.Loop() {
		execute(b, `X = rand(rows=6400, cols=50, seed=1)
w = matrix(0, 50, 1)
y = rand(rows=6400, cols=1, seed=2)
for (e in 1:10) {
  for (k in 1:100) {
    lo = (k - 1) * 64 + 1
    hi = k * 64
    Xb = X[lo:hi,]
    g = t(Xb) %*% (Xb %*% w - y[lo:hi,]) / 64
    w = w - 0.1 * g
  }
}
print(sum(w))`)
	}
}
