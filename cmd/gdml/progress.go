package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/chzyer/readline"
)

const (
	drawEvery  = 100 * time.Millisecond
	showAfter  = 300 * time.Millisecond // training that ends sooner shows nothing
	plainAfter = 30 * time.Second       // between lines where none can be redrawn
	eraseLine  = "\r\x1b[K"
)

// progress shows how far training is: on a terminal in one line that is redrawn, elsewhere
// in a line for every tenth of a call.
type progress struct {
	f     *follower
	w     io.Writer
	redo  bool       // lines can be redrawn
	width func() int // of the terminal

	mu    sync.Mutex
	shown bool        // a line stands in the terminal
	tenth map[int]int // of the calls that have been shown: tenths in their last line
	at    time.Time   // of the last plain line
}

// newProgress returns the progress of a run as the flag wants it, nil for none.
func (c *config) newProgress(sys *system, f *follower) *progress {
	terminal := isTerminal(sys.err) && sys.env("TERM") != "dumb"
	if c.showing == "off" || c.showing != "on" && !terminal {
		return nil
	}
	return &progress{f: f, w: sys.err, redo: terminal, width: terminalWidth(sys.err), tenth: map[int]int{}}
}

func terminalWidth(stream any) func() int {
	return func() int {
		if f, ok := stream.(*os.File); ok {
			if w, _, err := readline.GetSize(int(f.Fd())); err == nil && w > 0 {
				return w
			}
		}
		return 80
	}
}

// draw brings what is shown up to date.
func (p *progress) draw(now time.Time) {
	type line struct {
		id, tenth int
		text      string
		ended     bool
	}
	var lines []line
	p.mu.Lock()
	defer p.mu.Unlock()
	p.f.mu.Lock()
	for _, c := range p.f.calls {
		_, begun := p.tenth[c.id]
		if c.ended && !begun || !c.ended && now.Sub(c.began) < showAfter {
			continue
		}
		width := 0
		if p.redo && !c.ended {
			width = p.width() - 1
		}
		lines = append(lines, line{c.id, int(10 * c.done()), c.line(now, width), c.ended})
	}
	p.f.mu.Unlock()

	current := ""
	beside := 0
	for _, l := range lines {
		last, begun := p.tenth[l.id]
		switch {
		case l.ended:
			if last >= 0 { // its last line has not been written
				p.erase()
				fmt.Fprintln(p.w, l.text)
				p.at = now
			}
			p.tenth[l.id] = -1
			continue
		case !p.redo && (!begun || l.tenth > last || now.Sub(p.at) >= plainAfter):
			fmt.Fprintln(p.w, l.text)
			p.at = now
		}
		p.tenth[l.id] = l.tenth
		if current == "" {
			current = l.text
		} else {
			beside++
		}
	}
	if !p.redo {
		return
	}
	if beside > 0 {
		current += fmt.Sprintf("  and %d more", beside)
	}
	p.redraw(current)
}

// redraw replaces the line in the terminal.
func (p *progress) redraw(text string) {
	if text == "" {
		p.erase()
		return
	}
	if r := []rune(text); len(r) >= p.width() { // a line that is wrapped could not be erased
		text = string(r[:max(p.width()-1, 1)])
	}
	io.WriteString(p.w, eraseLine+text)
	p.shown = true
}

func (p *progress) erase() {
	if p.shown {
		io.WriteString(p.w, eraseLine)
		p.shown = false
	}
}

// above returns a writer to the terminal that takes the line away first.
func (p *progress) above(w io.Writer) io.Writer { return &aboveLine{p, w} }

type aboveLine struct {
	p *progress
	w io.Writer
}

func (a *aboveLine) Write(b []byte) (int, error) {
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	a.p.erase()
	return a.w.Write(b)
}

// line describes a call in one line of at most width characters, if that is possible without
// what is less important; 0 is no limit.
func (c *call) line(now time.Time, width int) string {
	parts := c.parts(now)
	for width > 0 && len(parts) > 0 {
		least, length := 0, -2
		for i, p := range parts {
			length += 2 + utf8.RuneCountInString(p.text)
			if p.rank > parts[least].rank {
				least = i
			}
		}
		if length <= width || parts[least].rank == 0 {
			break
		}
		parts = slices.Delete(parts, least, least+1)
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.text
	}
	return strings.Join(texts, "  ")
}

// part is a piece of the line; those of a higher rank are left out first, those of rank 0 never.
type part struct {
	text string
	rank int
}

func (c *call) parts(now time.Time) []part {
	whole, rest := math.Modf(c.position())
	took := c.elapsed(now)
	parts := []part{{"paramserv", 5}, {fmt.Sprintf("epoch %d/%d", min(int(whole)+1, c.epochs), c.epochs), 0}}
	if !c.ended && c.rounds > 1 && int(whole) < c.epochs {
		parts = append(parts, part{fmt.Sprintf("round %d/%d", int(rest*float64(c.rounds)+0.5), c.rounds), 2})
	}
	if c.scored {
		trend := ""
		switch {
		case c.loss < c.before:
			trend = " ↓"
		case c.loss > c.before:
			trend = " ↑"
		}
		parts = append(parts, part{fmt.Sprintf("loss %.4g%s", c.loss, trend), 0})
	}
	workers := "1 worker"
	if n := len(c.workers) - c.lost; n != 1 {
		workers = fmt.Sprintf("%d workers", n)
	}
	parts = append(parts, part{short(float64(c.rows)/max(took.Seconds(), 1e-9)) + " rows/s", 1}, part{workers, 4}, part{hours(took) + " elapsed", 3})
	switch eta, known := c.eta(now); {
	case c.failed != "":
		parts = append(parts, part{"failed", 0})
	case c.ended:
		parts = append(parts, part{"done", 0})
	case known:
		parts = append(parts, part{"eta " + hours(eta), 0})
	}
	return parts
}

// short writes a number with three digits and a power of 1000.
func short(v float64) string {
	for _, unit := range []string{"", " k", " M"} {
		if v < 999.5 {
			return fmt.Sprintf("%.*f%s", digits(v), v, unit)
		}
		v /= 1000
	}
	return fmt.Sprintf("%.*f G", digits(v), v)
}

func digits(v float64) int {
	switch {
	case v >= 99.95:
		return 0
	case v >= 9.995:
		return 1
	}
	return 2
}

// hours writes a duration as minutes and seconds, with hours if there are any.
func hours(d time.Duration) string {
	s := int(math.Round(d.Seconds()))
	if s >= 3600 {
		return fmt.Sprintf("%d:%02d:%02d", s/3600, s/60%60, s%60)
	}
	return fmt.Sprintf("%02d:%02d", s/60, s%60)
}
