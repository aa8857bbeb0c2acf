package explain

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"gdml/lang/source"
	"gdml/runtime/exec"
)

// Run is what is known of a finished run.
type Run struct {
	Script   string
	Threads  int
	Compile  time.Duration
	Run      time.Duration
	Peak     int64 // bytes of live matrices at most
	Objects  int64 // matrices that variables held; 0 not to show them in SystemDS's layout
	Rewrites int   // rewrites that fired
	Stats    *exec.Stats
	Sources  *source.Set
}

// nameWidth is the longest name of an operation that is shown whole.
const nameWidth = 30

// Stats writes the times of a run and its n heaviest operations.
func Stats(w io.Writer, r Run, n int) error {
	var b strings.Builder
	threads := fmt.Sprintf("%d threads", r.Threads)
	if r.Threads == 1 {
		threads = "1 thread"
	}
	fmt.Fprintf(&b, "gdml statistics  %s, %s\n", r.Script, threads)
	fmt.Fprintf(&b, "  total %.3f s = compile %.3f + run %.3f    peak memory %s\n",
		(r.Compile + r.Run).Seconds(), r.Compile.Seconds(), r.Run.Seconds(), size(r.Peak))
	fmt.Fprintf(&b, "  rewrites applied %d\n", r.Rewrites)
	if r.Stats != nil {
		for _, note := range r.Stats.Notes() {
			b.WriteString("  " + note + "\n")
		}
	}
	hits := r.hits(n)
	width := len("Operation")
	for _, h := range hits {
		width = max(width, utf8.RuneCountInString(r.name(h)))
	}
	digits := len(fmt.Sprint(len(hits)))
	fmt.Fprintf(&b, " %*s  %-*s  %6s  %9s  %9s  %8s\n", digits, "#", width, "Operation", "Line", "Self(s)", "Total(s)", "Count")
	for i, h := range hits {
		line := "-"
		if p := r.Sources.Position(h.At.Start); p.File != nil {
			line = fmt.Sprint(p.Line)
		}
		fmt.Fprintf(&b, " %*d  %-*s  %6s  %9.3f  %9.3f  %8d\n", digits, i+1, width, r.name(h), line, h.Self.Seconds(), h.Time.Seconds(), h.Count)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// hits returns at most n rows of the heavy-hitter table.
func (r Run) hits(n int) []exec.Hit {
	if r.Stats == nil {
		return nil
	}
	hits := r.Stats.Hits()
	return hits[:min(n, len(hits))]
}

// name is the text of the operation in the script, on one line, or its opcode.
func (r Run) name(h exec.Hit) string {
	text := h.Opcode
	if f := r.Sources.File(h.At.Start); f != nil && !strings.HasPrefix(h.Opcode, "fcall ") {
		if s := strings.Join(strings.Fields(f.Slice(h.At)), " "); s != "" {
			text = s
		}
	}
	text = strings.TrimPrefix(text, "fcall ")
	if utf8.RuneCountInString(text) > nameWidth {
		text = string([]rune(text)[:nameWidth-3]) + "..."
	}
	return text
}

// size writes a number of bytes with a unit.
func size(n int64) string {
	v, units := float64(n), []string{"B", "KB", "MB", "GB", "TB"}
	for len(units) > 1 && v >= 1024 {
		v, units = v/1024, units[1:]
	}
	if units[0] == "B" {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", v, units[0])
}

// SysDS writes the statistics with SystemDS's labels, for scripts that read them.
// Opcodes at different places of the script are added up, as it does.
func SysDS(w io.Writer, r Run, n int) error {
	var b strings.Builder
	b.WriteString("SystemDS Statistics:\n")
	fmt.Fprintf(&b, "Total elapsed time:\t\t%.3f sec.\n", (r.Compile + r.Run).Seconds())
	fmt.Fprintf(&b, "Total compilation time:\t\t%.3f sec.\n", r.Compile.Seconds())
	fmt.Fprintf(&b, "Total execution time:\t\t%.3f sec.\n", r.Run.Seconds())
	if r.Objects > 0 {
		fmt.Fprintf(&b, "Max size of live objects:\t%s (%d total objects)\n", size(r.Peak), r.Objects)
	}
	b.WriteString("Heavy hitter instructions:\n")
	rows := r.byOpcode(n)
	digits, width := len(fmt.Sprint(len(rows))), len("Instruction")
	timeWidth, countWidth := len("Time(s)"), len("Count")
	for _, h := range rows {
		width = max(width, min(len(h.Opcode), nameWidth))
		timeWidth = max(timeWidth, len(seconds(h.Time)))
		countWidth = max(countWidth, len(fmt.Sprint(h.Count)))
	}
	fmt.Fprintf(&b, " %*s  %-*s  %*s  %*s\n", digits, "#", width, "Instruction", timeWidth, "Time(s)", countWidth, "Count")
	for i, h := range rows {
		name, rest := cut(h.Opcode)
		fmt.Fprintf(&b, " %*d  %-*s  %*s  %*d\n", digits, i+1, width, name, timeWidth, seconds(h.Time), countWidth, h.Count)
		for rest != "" {
			name, rest = cut(rest)
			fmt.Fprintf(&b, " %*s  %s\n", digits, "", name)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// byOpcode adds up the rows of equal opcodes and returns the n heaviest.
func (r Run) byOpcode(n int) []exec.Hit {
	sum := exec.NewStats()
	for _, h := range r.hits(1 << 30) {
		h.Opcode, h.At = strings.TrimPrefix(h.Opcode, "fcall "), source.Span{}
		sum.Merge(h)
	}
	return Run{Stats: sum}.hits(n)
}

// cut splits a name after nameWidth bytes.
func cut(s string) (head, rest string) {
	if len(s) <= nameWidth {
		return s, ""
	}
	return s[:nameWidth], s[nameWidth:]
}

// seconds writes a duration with three decimals and commas between thousands.
func seconds(d time.Duration) string {
	s := fmt.Sprintf("%.3f", d.Seconds())
	for i := len(s) - 7; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
