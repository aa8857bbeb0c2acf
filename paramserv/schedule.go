package paramserv

import (
	"fmt"
	"slices"
)

// plan is what is settled before a call begins.
type plan struct {
	cfg      *Config
	strategy *Strategy
	workers  int
	threads  int // of each worker and of the server
	seed     uint64
	models   bool // models are pushed, not gradients
	*schedule
}

// newPlan settles the number of workers and deals out the rows. c must have passed
// Check; what depends on the final number of workers is checked here.
func newPlan(c *Config) (*plan, error) {
	n := c.X.Rows()
	p := &plan{cfg: c, strategy: strategyNamed(c.UType), workers: c.Workers, seed: uint64(c.Seed)}
	p.models = c.ModelAvg || p.strategy.Models
	if p.workers == 0 {
		p.workers = min(c.Budget.Threads(), ceilDiv(n, c.BatchSize))
	}
	scheme := schemeNamed(c.Scheme)
	most := n
	if c.Ceiled && !scheme.Overlap && p.workers <= n {
		most = ceilDiv(n, ceilDiv(n, p.workers))
	}
	if p.workers > most && !scheme.Overlap {
		c.warn("%d workers for %d rows, using %d workers", p.workers, n, most)
		p.workers = most
	}
	if p.strategy.Check != nil {
		settled := *c
		settled.Workers = p.workers
		var err error
		p.strategy.Check(&settled, func(format string, args ...any) { err = fmt.Errorf(format, args...) })
		if err != nil {
			return nil, err
		}
	}
	p.threads = c.Budget.Split(p.workers).Threads()
	parts := make([]part, p.workers)
	for w := range parts {
		parts[w] = scheme.rows(n, p.workers, w, p.seed)
		if c.Ceiled && parts[w].index == nil {
			size := ceilDiv(n, p.workers)
			parts[w] = part{lo: w * size, n: min(size, n-w*size)}
		}
	}
	p.schedule = &schedule{cfg: c, workers: p.workers, deals: []*deal{newDeal(c, parts)}}
	return p, nil
}

func (c *Config) warn(format string, args ...any) {
	if c.Warn != nil {
		c.Warn("paramserv: " + fmt.Sprintf(format, args...))
	}
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// deal is who trains on what, and pushes when, in the epochs from one on.
type deal struct {
	epoch, round int // the first ones it holds for
	parts        []part
	batches      []int // per worker, in one pass over its part
	group        []int // batches behind a push, per worker
	once         []int // pushes in one pass over the part, per worker
	pushes       []int // pushes in an epoch, per worker
	rounds       int   // per epoch: the largest of pushes
}

func newDeal(c *Config, parts []part) *deal {
	d := &deal{parts: parts}
	least := 0
	for _, part := range parts {
		r := ceilDiv(part.n, c.BatchSize)
		g := 1
		switch c.Freq {
		case "EPOCH":
			g = max(r, 1)
		case "NBATCHES":
			g = max(min(c.NBatches, r), 1)
		}
		pushes := ceilDiv(r, g)
		d.batches = append(d.batches, r)
		d.group = append(d.group, g)
		d.once = append(d.once, pushes)
		d.rounds = max(d.rounds, pushes)
		if pushes > 0 && (least == 0 || pushes < least) {
			least = pushes
		}
	}
	d.pushes = slices.Clone(d.once)
	for w, n := range d.once {
		switch {
		case n == 0: // a worker without rows
		case c.Imbalance == "CYCLE":
			d.pushes[w] = d.rounds
		case c.Imbalance == "DROP":
			d.pushes[w] = least
		}
	}
	d.rounds = slices.Max(d.pushes)
	return d
}

// span returns the batches [lo, hi) behind the g-th push of a worker in an epoch.
func (d *deal) span(w, g int) (lo, hi int) {
	lo = g % d.once[w] * d.group[w]
	return lo, min(lo+d.group[w], d.batches[w])
}

// perEpoch returns the pushes of all workers in one epoch.
func (d *deal) perEpoch() int {
	n := 0
	for _, c := range d.pushes {
		n += c
	}
	return n
}

// schedule numbers the rounds of the run: those of an epoch follow those of the one
// before. A deal is replaced for epochs that nobody has begun when a worker is lost.
type schedule struct {
	cfg     *Config
	workers int
	deals   []*deal // ascending by epoch
}

// of returns the deal that an epoch follows.
func (s *schedule) of(epoch int) *deal {
	d := s.deals[0]
	for _, next := range s.deals[1:] {
		if next.epoch <= epoch {
			d = next
		}
	}
	return d
}

// at returns the deal of a round.
func (s *schedule) at(round int) *deal {
	d := s.deals[0]
	for _, next := range s.deals[1:] {
		if next.round <= round {
			d = next
		}
	}
	return d
}

// first returns the first round of an epoch; for the number of epochs, the number of rounds.
func (s *schedule) first(epoch int) int {
	d := s.of(epoch)
	return d.round + (epoch-d.epoch)*d.rounds
}

func (s *schedule) total() int { return s.first(s.cfg.Epochs) }

// place returns the epoch of a round and its number within the epoch.
func (s *schedule) place(round int) (epoch, group int) {
	d := s.at(round)
	return d.epoch + (round-d.round)/d.rounds, (round - d.round) % d.rounds
}

// has reports whether a worker has a push in a round.
func (s *schedule) has(w, round int) bool {
	if round >= s.total() {
		return false
	}
	_, g := s.place(round)
	return g < s.at(round).pushes[w]
}

// next returns the first round from the given one on in which a worker has a push, the number of rounds if there is none.
func (s *schedule) next(w, round int) int {
	total := s.total()
	for round < total {
		d := s.at(round)
		e, g := s.place(round)
		if g < d.pushes[w] {
			return round
		}
		round = s.first(e + 1)
		if d.pushes[w] == 0 && s.of(e+1) == d { // nothing for it in the rest of this deal
			round = total
			for _, later := range s.deals {
				if later.epoch > e {
					round = min(round, later.round)
				}
			}
		}
	}
	return total
}

// batchesInRun returns how many batches lie behind all pushes of the run.
func (s *schedule) batchesInRun() int {
	n := 0
	for i, d := range s.deals {
		last := s.cfg.Epochs
		if i+1 < len(s.deals) {
			last = s.deals[i+1].epoch
		}
		for w := range d.pushes {
			for g := range d.pushes[w] {
				lo, hi := d.span(w, g)
				n += (hi - lo) * (last - d.epoch)
			}
		}
	}
	return n
}

// giveAway deals the rows of a lost worker out to those that live, in blocks, for the epochs from one on.
func (s *schedule) giveAway(lost int, live []int, epoch int) {
	if epoch >= s.cfg.Epochs {
		return
	}
	from := s.of(epoch)
	parts := slices.Clone(from.parts)
	rows := parts[lost]
	parts[lost] = part{index: []int{}}
	if !schemeNamed(s.cfg.Scheme).Overlap {
		for i, w := range live {
			b := block(rows.n, len(live), i)
			index := parts[w].all()
			for j := b.lo; j < b.lo+b.n; j++ {
				index = append(index, rows.row(j))
			}
			parts[w] = part{n: len(index), index: index}
		}
	}
	d := newDeal(s.cfg, parts)
	d.epoch, d.round = epoch, s.first(epoch)
	s.deals = slices.DeleteFunc(s.deals, func(o *deal) bool { return o.epoch >= epoch })
	s.deals = append(s.deals, d)
}

// part returns the rows of a worker in an epoch, in order.
func (p *plan) part(d *deal, w, epoch int) part {
	if p.cfg.Reshuffle && epoch > 0 && d.parts[w].n > 0 {
		return shuffled(p.cfg.X.Rows(), w, p.seed, epoch)
	}
	return d.parts[w]
}
