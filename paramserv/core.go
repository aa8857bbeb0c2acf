package paramserv

import (
	"fmt"
	"time"
)

// core is the protocol as a state machine: which worker may do what, which pushes
// count, when an epoch is over. It holds no models, and knows no goroutines and no clock;
// the server tells it what happened and does what it answers.
type core struct {
	*schedule
	barrier Barrier
	phase   []phase
	from    []int // first round that a worker has not done
	doing   []int // round that a worker computes
	base    []int // version that a worker computes on
	version int   // updates made
	epochs  int   // epochs over
}

// phase is what a worker is doing.
type phase uint8

const (
	waiting   phase = iota // for a model
	computing              // from the grant of a model to the push
	finished               // it has no rounds left
	lost
)

// newCore returns the state before the first event.
func newCore(p *plan) *core {
	c := &core{
		schedule: p.schedule,
		phase:    make([]phase, p.workers), from: make([]int, p.workers),
		doing: make([]int, p.workers), base: make([]int, p.workers),
	}
	c.barrier = p.strategy.Barrier(p.cfg, c)
	return c
}

// resume continues after the epochs of a checkpoint.
func (c *core) resume(saved *checkpoint) {
	c.epochs, c.version = saved.epoch, saved.version
	for w, at := range saved.positions {
		c.from[w] = c.first(at.epoch) + min(at.group, c.at(c.first(at.epoch)).rounds)
	}
	for w, f := range saved.flights {
		if f.model != nil {
			c.phase[w], c.doing[w], c.base[w] = computing, f.round, f.version
		}
	}
	c.barrier.Resume(c.first(saved.epoch))
	if b, ok := c.barrier.(stateful); ok {
		b.restore(saved.barrier)
	}
}

// Workers implements View.
func (c *core) Workers() int { return c.workers }

// Total implements View.
func (c *core) Total() int { return c.total() }

// In implements View.
func (c *core) In(w, round int) bool { return c.phase[w] != lost && c.has(w, round) }

// Clock implements View.
func (c *core) Clock(w int) int {
	switch c.phase[w] {
	case computing:
		return c.doing[w]
	case lost:
		return c.total()
	}
	return c.next(w, c.from[w])
}

// pending returns the round that a worker does next, or is doing if that round is not over.
func (c *core) pending(w int) int {
	if c.phase[w] == lost {
		return c.total()
	}
	return c.next(w, max(c.from[w], c.barrier.Floor()))
}

// grants marks the workers that may go on, and those that have nothing left to do, and
// returns them in ascending order.
func (c *core) grants() (begin, end []int) {
	for w, ph := range c.phase {
		if ph != waiting {
			continue
		}
		round := c.pending(w)
		switch {
		case round >= c.total():
			c.phase[w] = finished
			end = append(end, w)
		case c.barrier.Admit(w, round):
			c.phase[w], c.doing[w], c.base[w] = computing, round, c.version
			begin = append(begin, w)
		}
	}
	return begin, end
}

// arrive takes in the push of a worker that computes.
func (c *core) arrive(w, round int, took time.Duration) (Decision, error) {
	if c.phase[w] != computing || c.doing[w] != round {
		return Decision{}, fmt.Errorf("paramserv: worker %d pushed for round %d, which it does not compute", w+1, round+1)
	}
	d := c.barrier.Arrive(w, round, took)
	c.phase[w] = waiting
	c.from[w] = round + 1
	return d, nil
}

// closed tells that what was kept has become the given number of updates.
func (c *core) closed(updates int) {
	c.version += updates
	c.barrier.Closed()
}

// lose takes a worker out and deals its rows out to the others for the epochs that
// nobody has begun, the first of which is returned. settle tells that what is kept is now to
// be closed. It is an error to lose the last one.
func (c *core) lose(w int) (epoch int, settle bool, err error) {
	c.phase[w] = lost
	var live []int
	for v, ph := range c.phase {
		if ph != lost {
			live = append(live, v)
		}
		if ph == computing {
			e, _ := c.place(c.doing[v])
			epoch = max(epoch, e+1)
		} else if c.from[v] > 0 {
			e, _ := c.place(c.from[v] - 1)
			epoch = max(epoch, e+1)
		}
	}
	if len(live) == 0 {
		return 0, false, fmt.Errorf("paramserv: all workers are lost")
	}
	epoch = max(epoch, c.epochs)
	c.giveAway(w, live, epoch)
	return epoch, c.barrier.Settle(), nil
}

// epochOver reports whether the next epoch has ended, and counts it.
func (c *core) epochOver() bool {
	if c.epochs == c.cfg.Epochs {
		return false
	}
	end := c.first(c.epochs + 1)
	for w := range c.phase {
		if c.pending(w) < end {
			return false
		}
	}
	c.epochs++
	return true
}

func (c *core) done() bool { return c.epochs == c.cfg.Epochs }
