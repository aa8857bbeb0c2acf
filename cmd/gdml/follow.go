package main

import (
	"runtime/metrics"
	"slices"
	"sync"
	"time"

	"gdml/paramserv"
)

const (
	keepCalls   = 16    // calls of paramserv that are remembered
	keepEvents  = 16384 // events of all kinds
	keepMarks   = 4096  // events other than pushes and updates
	keepSamples = 2048
	keepAges    = 64 // the last counts all ages from there on
	rateWeight  = 0.3
)

// seen is an event with the number of its call.
type seen struct {
	Call int `json:"call"`
	paramserv.Event
}

// call is what the events of one call of paramserv add up to.
type call struct {
	id                     int
	utype                  string
	workers                []workerTally
	epochs, rounds         int // to go through; rounds of an epoch
	first, epoch           int // epochs done when it began, and now
	pushes, discarded      int
	updates, rows          int
	retries, lost          int
	bytes                  int64
	ages                   []int
	scored                 bool // loss and accuracy are known
	loss, before, accuracy float64
	began                  time.Time
	zero                   time.Time     // from which events count their time; earlier than began in a resumed call
	took                   time.Duration // when it has ended
	ended                  bool
	failed                 string

	// The speed is a moving average over steps of the share that is done.
	at    time.Time
	share float64
	speed float64 // shares per second
	// Of the last sample.
	sampled     time.Time
	sampledRows int
}

// workerTally is one worker of a call.
type workerTally struct {
	Pushes  int     `json:"pushes"`
	Rows    int     `json:"rows"`
	Seconds float64 `json:"seconds"` // between pulls and pushes
	Lost    bool    `json:"lost,omitempty"`
	round   int
}

// moment is the state of a call at one moment.
type moment struct {
	Call      int           `json:"call"`
	Time      float64       `json:"t"` // seconds since the call began
	UType     string        `json:"utype"`
	Epoch     int           `json:"epoch"` // finished
	Epochs    int           `json:"epochs"`
	Done      float64       `json:"done"`          // share, 0 to 1
	ETA       float64       `json:"eta,omitempty"` // seconds
	Rows      int           `json:"rows"`
	Speed     float64       `json:"rows_per_second"` // since the sample before
	Pushes    int           `json:"pushes"`
	Discarded int           `json:"discarded"`
	Updates   int           `json:"updates"`
	Retries   int           `json:"retries"`
	Lost      int           `json:"lost"`
	Bytes     int64         `json:"bytes"`
	Memory    uint64        `json:"memory"`
	Ages      []int         `json:"ages"` // pushes by staleness
	Workers   []workerTally `json:"workers"`
	Ended     bool          `json:"ended,omitempty"`
}

// follower adds up the events of a run. Telling it of an event takes a lock for a moment
// and no input or output; whoever wants to see the sums asks for them.
type follower struct {
	mu      sync.Mutex
	calls   []*call // the last ones, in the order of their beginning
	total   int     // calls begun
	events  *ring[seen]
	marks   *ring[seen]
	samples *ring[moment]
	memory  uint64
}

func newFollower() *follower {
	return &follower{events: newRing[seen](keepEvents), marks: newRing[seen](keepMarks), samples: newRing[moment](keepSamples)}
}

// watch returns what takes in the events of a call; it is an exec.Training's Watch.
func (f *follower) watch(id int) any {
	return func(e paramserv.Event) { f.see(id, e) }
}

// see takes in an event.
func (f *follower) see(id int, e paramserv.Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events.put(seen{id, e})
	if e.Kind != "push" && e.Kind != "update" {
		f.marks.put(seen{id, e})
	}
	if e.Kind == "start" {
		f.begin(id, &e)
		return
	}
	i := slices.IndexFunc(f.calls, func(c *call) bool { return c.id == id })
	if i < 0 { // forgotten, since many began after it
		return
	}
	c := f.calls[i]
	now := c.zero.Add(time.Duration(e.Time * float64(time.Second))) // reading the clock again would be most of the work
	c.add(&e, now)
	if c.ended {
		f.samples.put(c.sample(now, f.memory))
	}
}

// begin notes a new call. Calls that have ended are forgotten first.
func (f *follower) begin(id int, e *paramserv.Event) {
	now := time.Now()
	if len(f.calls) == keepCalls {
		i := max(0, slices.IndexFunc(f.calls, func(c *call) bool { return c.ended }))
		f.calls = slices.Delete(f.calls, i, i+1)
	}
	f.total++
	c := &call{
		id: id, utype: e.UType, workers: make([]workerTally, e.Workers), epochs: e.Epochs, rounds: e.Rounds,
		first: e.Epoch, epoch: e.Epoch, began: now, at: now, sampled: now,
		zero: now.Add(-time.Duration(e.Time * float64(time.Second))),
	}
	for i := range c.workers {
		c.workers[i].round = e.Epoch * e.Rounds
	}
	c.share = c.done()
	f.calls = append(f.calls, c)
}

func (c *call) add(e *paramserv.Event, now time.Time) {
	switch e.Kind {
	case "push":
		c.push(e)
	case "update":
		c.updates = max(c.updates, e.Version)
		c.age(e.Ages)
	case "epoch":
		c.epoch = e.Epoch
		if e.Loss != nil && float64(*e.Loss) == float64(*e.Loss) {
			c.before = float64(*e.Loss)
			if c.scored {
				c.before = c.loss
			}
			c.scored, c.loss = true, float64(*e.Loss)
		}
		if e.Accuracy != nil {
			c.accuracy = float64(*e.Accuracy)
		}
	case "retry":
		c.retries++
	case "lost":
		c.lost++
		if w := e.Worker - 1; w >= 0 && w < len(c.workers) {
			c.workers[w].Lost = true
		}
	case "end", "error":
		c.ended, c.failed, c.took = true, e.Message, now.Sub(c.began)
	}
	c.advance(now)
}

func (c *call) push(e *paramserv.Event) {
	c.pushes++
	c.rows += e.Rows
	c.bytes += e.Bytes
	if e.Discarded {
		c.discarded++
	}
	if len(e.Ages) > 0 { // it was an update too
		c.updates = max(c.updates, e.Version)
		c.age(e.Ages)
	}
	if w := e.Worker - 1; w >= 0 && w < len(c.workers) {
		t := &c.workers[w]
		t.Pushes++
		t.Rows += e.Rows
		t.Seconds += e.Seconds
		t.round = max(t.round, e.Round)
	}
}

func (c *call) age(ages []int) {
	for _, a := range ages {
		a = min(a, keepAges-1)
		for len(c.ages) <= a {
			c.ages = append(c.ages, 0)
		}
		c.ages[a]++
	}
}

// round returns the round that the slowest worker has reached, within the run: training is over when it is done, however
// far ahead asynchronous workers are.
func (c *call) round() int {
	least, some := 0, false
	for _, w := range c.workers {
		if !w.Lost && (!some || w.round < least) {
			least, some = w.round, true
		}
	}
	return least
}

// position returns how many epochs all workers have gone through, with a part of the one they are
// in. Epochs that are over correct it when workers have fewer pushes in an epoch than others.
func (c *call) position() float64 {
	at := float64(c.round()) / float64(max(c.rounds, 1))
	return min(max(at, float64(c.epoch)), float64(c.epochs))
}

// done returns the share of training that is over.
func (c *call) done() float64 {
	if c.ended && c.failed == "" {
		return 1
	}
	return c.position() / float64(max(c.epochs, 1))
}

// advance takes the speed again when something is done and enough time has passed.
func (c *call) advance(now time.Time) {
	dt := now.Sub(c.at).Seconds()
	if dt < 0.25 {
		return
	}
	share := c.done()
	if share <= c.share {
		return
	}
	speed := (share - c.share) / dt
	if c.speed > 0 {
		speed = rateWeight*speed + (1-rateWeight)*c.speed
	}
	c.speed, c.share, c.at = speed, share, now
}

// eta returns how long the rest will take. It is known from the third round on.
func (c *call) eta(now time.Time) (time.Duration, bool) {
	if c.ended || c.speed == 0 || (c.position()-float64(c.first))*float64(c.rounds) < 3 {
		return 0, false
	}
	left := (1-c.share)/c.speed - now.Sub(c.at).Seconds()
	return time.Duration(max(left, 0) * float64(time.Second)), true
}

// elapsed returns how long the call has taken so far, or in all.
func (c *call) elapsed(now time.Time) time.Duration {
	if c.ended {
		return c.took
	}
	return now.Sub(c.began)
}

// sample notes the state.
func (c *call) sample(now time.Time, memory uint64) moment {
	eta, _ := c.eta(now)
	s := moment{
		Call: c.id, Time: c.elapsed(now).Seconds(), UType: c.utype, Epoch: c.epoch, Epochs: c.epochs, Done: c.done(), ETA: eta.Seconds(),
		Rows: c.rows, Pushes: c.pushes, Discarded: c.discarded, Updates: c.updates, Retries: c.retries, Lost: c.lost,
		Bytes: c.bytes, Memory: memory, Ages: slices.Clone(c.ages), Workers: slices.Clone(c.workers), Ended: c.ended,
	}
	if dt := now.Sub(c.sampled).Seconds(); dt > 0 {
		s.Speed = float64(c.rows-c.sampledRows) / dt
	}
	c.sampled, c.sampledRows = now, c.rows
	return s
}

// takeSamples notes the state of all calls that go on.
func (f *follower) takeSamples(now time.Time, memory uint64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.memory = memory
	for _, c := range f.calls {
		if !c.ended {
			f.samples.put(c.sample(now, memory))
		}
	}
}

// inUse returns the bytes of memory that the process holds.
func inUse() uint64 {
	m := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(m)
	return m[0].Value.Uint64() - m[1].Value.Uint64()
}
