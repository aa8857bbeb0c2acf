package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/pool"
)

const (
	keepBytes  = 2 << 30              // released memory that a run keeps for reuse
	spinWindow = 3 * time.Millisecond // how long helper threads stay ready after a parallel loop
	minLimit   = 16 << 20             // what the program itself needs
)

func memLimitFlag() flag {
	return flag{name: "mem-limit", arg: "SIZE", help: "most memory, such as 500M or 8G; matrices not in use are moved to disk", set: func(c *config, v string) (err error) {
		c.memLimit, err = parseSize(v)
		return err
	}}
}

func tmpDirFlag() flag {
	return flag{name: "tmpdir", arg: "DIR", help: "where matrices go that do not fit into memory", set: func(c *config, v string) error {
		if info, err := os.Stat(v); err != nil || !info.IsDir() {
			return usagef("-tmpdir: %q is not a directory", v)
		}
		c.tmpDir = v
		return nil
	}}
}

// parseSize reads a number of bytes with an optional unit, a power of 1024.
func parseSize(s string) (int64, error) {
	number, factor := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(s), "B"), "I"), 1.0
	if i := strings.IndexAny(number, "KMGT"); i >= 0 && i == len(number)-1 {
		factor = float64(int64(1) << (10 * (1 + strings.IndexByte("KMGT", number[i]))))
		number = number[:i]
	}
	f, err := strconv.ParseFloat(number, 64)
	switch bytes := f * factor; {
	case err != nil || !(bytes > 0) || bytes > 1<<62:
		return 0, usagef("-mem-limit: %q is not a size such as 500M or 8G", s)
	case bytes < minLimit:
		return 0, usagef("-mem-limit: %s is too little; the least is %s", s, matrix.Size(minLimit))
	default:
		return int64(bytes), nil
	}
}

// newPool returns the memory of a run. An eighth of a limit is left to the program
// itself, and the garbage collector is told about it.
func (c *config) newPool() *pool.Pool {
	if c.memLimit > 0 {
		debug.SetMemoryLimit(c.memLimit)
	}
	return pool.Make(pool.Options{
		Keep: keepBytes, Count: c.stats > 0, Limit: c.memLimit - c.memLimit/8, Dir: c.tmpDir,
		Most: machineMemory(os.ReadFile),
	})
}

// machineMemory returns the bytes of memory and swap of this machine or of the container that the
// program runs in, 0 when neither can be told.
func machineMemory(read func(string) ([]byte, error)) int64 {
	var total int64
	if b, err := read("/proc/meminfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			f := strings.Fields(line)
			if len(f) == 3 && (f[0] == "MemTotal:" || f[0] == "SwapTotal:") {
				kb, _ := strconv.ParseInt(f[1], 10, 64)
				total += kb << 10
			}
		}
	}
	if b, err := read("/sys/fs/cgroup/memory.max"); err == nil {
		if n, err := strconv.ParseInt(strings.TrimSpace(string(b)), 10, 64); err == nil && (total == 0 || n < total) {
			total = n
		}
	}
	return total
}

// workers returns the thread budget of a run.
func (c *config) workers() *par.Workers { return par.New(c.threads).Spinning(spinWindow) }

// noteSpills adds what was moved to disk to the statistics.
func noteSpills(s *exec.Stats, p *pool.Pool) {
	if s == nil {
		return
	}
	if n := p.Spilled(); n.Out > 0 {
		s.Note(fmt.Sprintf("Moved to disk: %d matrices (%s), back %d (%s).",
			n.Out, matrix.Size(n.BytesOut), n.In, matrix.Size(n.BytesIn)))
	}
}
