package main

import (
	"fmt"
	"io"
	"sync"
	"time"
)

// watching is what goes on beside a run to show its training: a line of progress, a page, or
// nothing. Its writers are those of the run, which keep out of the way of the line.
type watching struct {
	out, err io.Writer
	follower *follower
	progress *progress // nil for none
	monitor  *monitor  // nil for none
	quit     chan struct{}
	group    sync.WaitGroup
	once     sync.Once
}

func watchingFlags() []flag {
	return []flag{
		{name: "progress", arg: "auto|on|off", help: "paramserv: show how far training is; auto does on a terminal", set: func(c *config, v string) error {
			c.showing = v
			return oneOf("progress", v, "auto", "on", "off")
		}},
		{name: "monitor", arg: "[HOST]:PORT", help: "paramserv: serve a live page while the script runs; port 0 takes any", set: func(c *config, v string) (err error) {
			c.monitor, err = monitorAddress(v)
			return err
		}},
	}
}

// startWatching begins what the flags ask for. stop must be called.
func (c *config) startWatching(sys *system) (*watching, error) {
	w := &watching{out: sys.out, err: sys.err, quit: make(chan struct{})}
	f := newFollower()
	w.progress = c.newProgress(sys, f)
	if c.monitor != "" {
		m, err := startMonitor(c.monitor, f)
		if err != nil {
			return nil, err
		}
		w.monitor = m
		fmt.Fprintf(sys.err, "gdml: monitor at %s\n", m.url())
		if m.public() {
			fmt.Fprintln(sys.err, "gdml: warning: other machines can read the monitor at this address")
		}
	}
	if w.progress == nil && w.monitor == nil {
		return w, nil
	}
	if p := w.progress; p != nil && p.redo {
		w.err = p.above(sys.err)
		if isTerminal(sys.out) {
			w.out = p.above(sys.out)
		}
	}
	w.follower = f
	c.psOptions().Watch = f.watch
	w.group.Go(w.keepUp)
	return w, nil
}

// keepUp draws and takes samples until quit.
func (w *watching) keepUp() {
	tick := time.NewTicker(drawEvery)
	defer tick.Stop()
	var sampled time.Time
	for {
		select {
		case now := <-tick.C:
			if w.progress != nil {
				w.progress.draw(now)
			}
			if w.monitor != nil && now.Sub(sampled) >= sampleEvery {
				w.follower.takeSamples(now, inUse())
				sampled = now
			}
		case <-w.quit:
			return
		}
	}
}

// settle writes the last lines of calls that have ended.
func (w *watching) settle() {
	if w.progress != nil {
		w.progress.draw(time.Now())
		w.progress.mu.Lock()
		w.progress.erase()
		w.progress.mu.Unlock()
	}
}

// stop ends everything. It may be called again.
func (w *watching) stop() {
	w.once.Do(func() {
		close(w.quit)
		w.group.Wait()
		w.settle()
		if w.monitor != nil {
			w.monitor.close()
		}
	})
}
