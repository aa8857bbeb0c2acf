package main

import (
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"sync"
	"time"

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
		lines = append(lines, line{c.id, int(10 * c.done()), c.line(now), c.ended})
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

// line describes a call in one line.
func (c *call) line(now time.Time) string {
	var b strings.Builder
	whole, part := math.Modf(c.position())
	fmt.Fprintf(&b, "paramserv  epoch %d/%d", min(int(whole)+1, c.epochs), c.epochs)
	if !c.ended && c.rounds > 1 && int(whole) < c.epochs {
		fmt.Fprintf(&b, "  round %d/%d", int(part*float64(c.rounds)+0.5), c.rounds)
	}
	if c.scored {
		fmt.Fprintf(&b, "  loss %.4g", c.loss)
		switch {
		case c.loss < c.before:
			b.WriteString(" ↓")
		case c.loss > c.before:
			b.WriteString(" ↑")
		}
	}
	took := c.elapsed(now)
	fmt.Fprintf(&b, "  %s rows/s  %d worker", short(float64(c.rows)/max(took.Seconds(), 1e-9)), len(c.workers)-c.lost)
	if len(c.workers)-c.lost != 1 {
		b.WriteString("s")
	}
	fmt.Fprintf(&b, "  %s elapsed", hours(took))
	switch eta, known := c.eta(now); {
	case c.failed != "":
		b.WriteString("  failed")
	case c.ended:
		b.WriteString("  done")
	case known:
		fmt.Fprintf(&b, "  eta %s", hours(eta))
	}
	return b.String()
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
