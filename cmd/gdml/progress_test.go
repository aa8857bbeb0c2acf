package main

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"gdml/paramserv"
)

// score returns a loss for an event.
func score(v float64) *paramserv.Number { n := paramserv.Number(v); return &n }

// after lets a follower see events of call 1, each as if it came the given time after the call began.
func after(ago time.Duration, events ...paramserv.Event) *follower {
	f := newFollower()
	for _, e := range events {
		for _, c := range f.calls {
			c.speed, c.share = 0, float64(c.first)/float64(c.epochs)
			c.began = time.Now().Add(-ago)
			c.at, c.sampled, c.zero = c.began, c.began, c.began
		}
		if e.Kind != "start" {
			e.Time = ago.Seconds()
		}
		f.see(1, e)
	}
	if len(events) == 1 {
		f.calls[0].began = f.calls[0].began.Add(-ago)
	}
	return f
}

func start(workers, epochs, rounds int) paramserv.Event {
	return paramserv.Event{Kind: "start", UType: "ASP", Workers: workers, Epochs: epochs, Rounds: rounds}
}

func push(worker, round, rows int) paramserv.Event {
	return paramserv.Event{Kind: "push", Worker: worker, Round: round, Rows: rows, Seconds: 0.5, Bytes: 8}
}

func TestProgressLine(t *testing.T) {
	resumed := start(1, 4, 10)
	resumed.Epoch = 2
	tests := []struct {
		name   string
		ago    time.Duration
		events []paramserv.Event
		want   string
	}{
		{"begun", 0, []paramserv.Event{start(2, 10, 5)}, "paramserv  epoch 1/10  round 0/5  0.00 rows/s  2 workers  00:00 elapsed"},
		{"the slowest worker, eta", 100 * time.Second, []paramserv.Event{start(2, 10, 10), push(1, 14, 4000), push(2, 26, 6000)},
			"paramserv  epoch 2/10  round 4/10  100 rows/s  2 workers  01:40 elapsed  eta 10:14"},
		{"no eta before the third round", 100 * time.Second, []paramserv.Event{start(1, 10, 10), push(1, 2, 10)},
			"paramserv  epoch 1/10  round 2/10  0.10 rows/s  1 worker  01:40 elapsed"},
		{"resumed", 10 * time.Second, []paramserv.Event{resumed, push(1, 25, 10)},
			"paramserv  epoch 3/4  round 5/10  1.00 rows/s  1 worker  00:10 elapsed  eta 00:30"},
		{"loss falls", 10 * time.Second, []paramserv.Event{start(1, 3, 1), push(1, 1, 1), {Kind: "epoch", Epoch: 1, Loss: score(2)},
			{Kind: "epoch", Epoch: 2, Loss: score(0.51234)}}, "paramserv  epoch 3/3  loss 0.5123 ↓  0.10 rows/s  1 worker  00:10 elapsed"},
		{"loss rises", 10 * time.Second, []paramserv.Event{start(1, 9, 1), push(1, 1, 1), {Kind: "epoch", Epoch: 1, Loss: score(2)},
			{Kind: "epoch", Epoch: 2, Loss: score(math.Inf(1))}}, "loss +Inf ↑"},
		{"no validation", 10 * time.Second, []paramserv.Event{start(1, 9, 1), push(1, 1, 1), {Kind: "epoch", Epoch: 1, Loss: score(math.NaN())}},
			"paramserv  epoch 2/9  0.10 rows/s  1 worker"},
		{"a lost worker holds nobody up", time.Hour + 2*time.Second, []paramserv.Event{start(2, 2, 10), push(1, 1, 1), {Kind: "lost", Worker: 1}, push(2, 5, 3.71e9)},
			"paramserv  epoch 1/2  round 5/10  1.03 M rows/s  1 worker  1:00:02 elapsed  eta 3:00:06"},
		{"ended", 10 * time.Second, []paramserv.Event{start(1, 2, 1), push(1, 2, 123450), {Kind: "epoch", Epoch: 2}, {Kind: "end"}},
			"paramserv  epoch 2/2  12.3 k rows/s  1 worker  00:10 elapsed  done"},
		{"failed", 10 * time.Second, []paramserv.Event{start(1, 2, 10), push(1, 5, 10), {Kind: "error", Message: "division"}}, "00:10 elapsed  failed"},
	}
	for _, tt := range tests {
		f := after(tt.ago, tt.events...)
		now := time.Now()
		if got := f.calls[0].line(now, 0); !strings.Contains(got, tt.want) {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
	}
}

// What matters least goes first when the terminal is narrow.
func TestProgressLineFits(t *testing.T) {
	f := after(100*time.Second, start(4, 10, 1), push(1, 4, 10), push(2, 4, 10), paramserv.Event{Kind: "epoch", Epoch: 4, Loss: score(0.5)})
	now := f.calls[0].began.Add(100 * time.Second)
	for width, want := range map[int]string{
		90: "paramserv  epoch 5/10  loss 0.5  0.20 rows/s  4 workers  01:40 elapsed  eta 02:30",
		79: "epoch 5/10  loss 0.5  0.20 rows/s  4 workers  01:40 elapsed  eta 02:30",
		60: "epoch 5/10  loss 0.5  0.20 rows/s  01:40 elapsed  eta 02:30",
		50: "epoch 5/10  loss 0.5  0.20 rows/s  eta 02:30",
		10: "epoch 5/10  loss 0.5  eta 02:30",
	} {
		if got := f.calls[0].line(now, width); got != want {
			t.Errorf("%d characters:\n got %s\nwant %s", width, got, want)
		}
	}
}

func TestShortNumbers(t *testing.T) {
	for v, want := range map[float64]string{0: "0.00", 9.994: "9.99", 9.996: "10.0", 99.94: "99.9", 99.96: "100", 999.4: "999", 999.6: "1.00 k",
		12345: "12.3 k", 999600: "1.00 M", 4.2e9: "4.20 G", 5e12: "5000 G"} {
		if got := short(v); got != want {
			t.Errorf("short(%g) = %s; want %s", v, got, want)
		}
	}
}

// screen is what a terminal of one line shows after text; complete lines stand before it.
func screen(text string) string {
	var lines []string
	for l := range strings.SplitSeq(text, "\n") {
		if i := strings.LastIndex(l, eraseLine); i >= 0 {
			l = l[i+len(eraseLine):]
		}
		lines = append(lines, l)
	}
	return strings.Join(lines, "\n")
}

func TestRedrawnLine(t *testing.T) {
	var b bytes.Buffer
	f := after(time.Minute, start(1, 10, 1), push(1, 1, 10))
	p := &progress{f: f, w: &b, redo: true, width: func() int { return 30 }, tenth: map[int]int{}}
	p.draw(time.Now())
	if got, want := screen(b.String()), "epoch 2/10  0.17 rows/s"; got != want {
		t.Errorf("cut to the width: %q; want %q", got, want)
	}
	p.width = func() int { return 200 }
	w := p.above(&b)
	fmt.Fprintln(w, "a line of the script")
	p.draw(time.Now())
	if got := screen(b.String()); !strings.HasPrefix(got, "a line of the script\nparamserv  epoch 2/10") {
		t.Errorf("the line does not go out of the way: %q", got)
	}
	f.see(1, paramserv.Event{Kind: "end"})
	p.draw(time.Now())
	p.draw(time.Now())
	if got := screen(b.String()); !strings.HasSuffix(got, "done\n") || strings.Count(got, "done") != 1 {
		t.Errorf("the last line does not stay: %q", got)
	}
	b.Reset()
	p.draw(time.Now())
	f.see(2, start(1, 10, 1))
	p.draw(time.Now())
	f.see(2, paramserv.Event{Kind: "end"})
	p.draw(time.Now())
	if b.Len() > 0 {
		t.Errorf("a short call is shown: %q", b.String())
	}
}

func TestPlainLines(t *testing.T) {
	var b bytes.Buffer
	f := after(time.Minute, start(1, 100, 1))
	p := &progress{f: f, w: &b, tenth: map[int]int{}}
	now := time.Now()
	for round := range 100 {
		f.see(1, push(1, round+1, 1))
		p.draw(now)
	}
	f.see(1, paramserv.Event{Kind: "end"})
	p.draw(now)
	if n := strings.Count(b.String(), "\n"); n != 12 || strings.Contains(b.String(), "\x1b") { // the first, ten tenths, the last
		t.Errorf("%d lines:\n%s", n, b.String())
	}
	b.Reset()
	f = after(time.Minute, start(1, 100, 1))
	p = &progress{f: f, w: &b, tenth: map[int]int{}}
	for _, dt := range []time.Duration{0, time.Second, plainAfter, plainAfter + time.Second} {
		p.draw(now.Add(dt))
	}
	if n := strings.Count(b.String(), "\n"); n != 2 {
		t.Errorf("%d lines in 31 s of standstill; want 2:\n%s", n, b.String())
	}
}

// Nothing is drawn where nobody looks, unless it is asked for.
func TestProgressFlag(t *testing.T) {
	const script = `
g = function(list[unknown] model, matrix[double] features) return (list[unknown] r) { r = list(colSums(features)) }
s = function(list[unknown] model, list[unknown] gradients) return (list[unknown] r) { r = list(as.matrix(model[1]) - 0.1 * as.matrix(gradients[1])) }
P = paramserv(model=list(matrix(0, 1, 4)), features=matrix(1, 40, 4), labels=matrix(1, 40, 1), upd=g, agg=s, utype="BSP", freq="BATCH", batchsize=10, epochs=10, k=2)
print(sum(as.matrix(P[1])))
`
	for mode, want := range map[string]bool{"auto": false, "off": false, "on": true} {
		status, out, errs := gdml("-s", script, "-progress", mode, "-psdelay", "*:50ms", "-threads", "2")
		if status != exitOK || out != "-160.0\n" || strings.Contains(errs, "paramserv  epoch") != want {
			t.Errorf("-progress %s: status %d, out %q, err %q", mode, status, out, errs)
		}
	}
	if status, _, errs := gdml("-s", script, "-progress", "maybe"); status != exitUsage || !strings.Contains(errs, "-progress: \"maybe\"") {
		t.Errorf("status %d: %s", status, errs)
	}
}
