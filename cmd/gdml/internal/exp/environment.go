package exp

import (
	"bufio"
	"encoding/json"
	"os"
	"runtime"
	"strings"
	"time"
)

// environment says where and how rows were measured. One line of JSON a start is appended
// beside the table.
type environment struct {
	Time       string   `json:"time"`
	Version    string   `json:"gdml"` // with the commit, and the version of Go
	OS         string   `json:"os"`
	Arch       string   `json:"arch"`
	CPU        string   `json:"cpu"`
	Cores      int      `json:"cores"`
	GOMAXPROCS int      `json:"gomaxprocs"`
	Load       string   `json:"load_average"` // of 1, 5 and 15 minutes
	Arguments  []string `json:"arguments"`
	Sweep      string   `json:"sweep"`
	Runs       int      `json:"runs"`
	Skipped    int      `json:"skipped"`
}

func (e *environment) fill(version string) {
	e.Time, e.Version = time.Now().Format(time.RFC3339), version
	e.OS, e.Arch = runtime.GOOS, runtime.GOARCH
	e.CPU, e.Cores, e.GOMAXPROCS = cpuModel(), runtime.NumCPU(), runtime.GOMAXPROCS(0)
	if b, err := os.ReadFile("/proc/loadavg"); err == nil {
		e.Load = strings.Join(strings.Fields(string(b))[:3], " ")
	}
}

// cpuModel returns the name of the processor where the system tells it, else "unknown".
func cpuModel() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown"
}

func (e *environment) appendTo(path string) error {
	b, err := json.Marshal(e)
	if err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(append(b, '\n'))
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}
