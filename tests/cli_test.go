package tests

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// binary is the command, built once for all tests that need it.
var binary = struct {
	sync.Once
	dir string
	err error
}{}

func TestMain(m *testing.M) {
	status := m.Run()
	if binary.dir != "" {
		os.RemoveAll(binary.dir)
	}
	os.Exit(status)
}

// command builds the command and returns the directory that holds it.
func command(t *testing.T) string {
	t.Helper()
	binary.Do(func() {
		if binary.dir, binary.err = os.MkdirTemp("", "gdml-test"); binary.err != nil {
			return
		}
		build := exec.Command("go", "build", "-o", binary.dir+string(filepath.Separator), "gdml/cmd/gdml")
		if out, err := build.CombinedOutput(); err != nil {
			binary.err = errors.New(string(out))
		}
	})
	if binary.err != nil {
		t.Fatal(binary.err)
	}
	return binary.dir
}

// Scripts of tests/cli drive the command as a user would. Besides the commands of
// testscript they have "exits N COMMAND...", which runs a command that must end with
// status N.
func TestCommand(t *testing.T) {
	dir := command(t)
	testscript.Run(t, testscript.Params{
		Dir:           "cli",
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			e.Setenv("PATH", dir+string(os.PathListSeparator)+os.Getenv("PATH"))
			e.Setenv("NO_COLOR", "")
			e.Setenv("TERM", "xterm")
			e.Setenv("GDML_THREADS", "2")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	if err != nil {
		ts.Fatalf("status %s: %v", args[0], err)
	}
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var e *exec.ExitError
	switch {
	case errors.As(err, &e):
		got = e.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit status %d, want %d", got, want)
	}
}

// A reader that goes away ends the run quietly.
func TestClosedOutput(t *testing.T) {
	cmd := exec.Command(filepath.Join(command(t), "gdml"), "-s", `for (i in 1:1000000) print("line " + i)`)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	errs, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if line != "line 1\n" || err != nil {
		t.Errorf("got %q, %v", line, err)
	}
	out.Close()
	said := make([]byte, 1000)
	n, _ := errs.Read(said)
	if err := cmd.Wait(); err != nil || n > 0 {
		t.Errorf("%v, %q on standard error", err, said[:n])
	}
}

// A signal ends a run soon, with the status that shells expect, and leaves no file behind.
func TestSignals(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no signals to send")
	}
	for _, c := range []struct {
		signal syscall.Signal
		status int
		script string
	}{
		{syscall.SIGINT, 130, `for (i in 1:1e9) { }`},
		{syscall.SIGINT, 130, `X = rand(rows=1500, cols=1500, seed=1); while (sum(X) > 0) { X = X %*% X / 1500 }`},
		{syscall.SIGTERM, 143, `A = matrix(0, 1000000, 1); parfor (i in 1:1000000) { A[i,1] = sum(rand(rows=100, cols=100, seed=i)) } write(A, "out.csv", format="csv")`},
	} {
		cmd := exec.Command(filepath.Join(command(t), "gdml"), "-s", `print("started") `+c.script)
		cmd.Dir = t.TempDir()
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 100)); err != nil { // it runs when it prints
			t.Fatal(err)
		}
		sent := time.Now()
		if err := cmd.Process.Signal(c.signal); err != nil {
			t.Fatal(err)
		}
		err = cmd.Wait()
		var e *exec.ExitError
		if !errors.As(err, &e) || e.ExitCode() != c.status {
			t.Errorf("%s: %v, want status %d", c.script, err, c.status)
		}
		if d := time.Since(sent); d > 20*time.Second { // milliseconds, but the machine may be busy
			t.Errorf("%s: takes %v to end", c.script, d)
		}
		if left, _ := os.ReadDir(cmd.Dir); len(left) > 0 {
			t.Errorf("%s: leaves %v", c.script, left)
		}
	}
}
