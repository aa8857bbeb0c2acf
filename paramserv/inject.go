package paramserv

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// ErrInjected is the error of a failure that Faults asked for.
var ErrInjected = errors.New("injected failure")

// errLost ends a worker for good.
var errLost = errors.New("paramserv: worker lost")

// Faults are failures to inject, for tests of recovery.
type Faults struct{ rules []*faultRule }

type faultStep uint8

const (
	faultGradient faultStep = iota
	faultAggregation
	faultValidation
)

// faultRule is one failure, or, with chance, one kind of failure.
type faultRule struct {
	worker int // -1 for any
	step   faultStep
	what   string // error, panic or lose
	at     int64  // number of the call: of the worker, or of all of them together
	after  time.Duration
	chance float64
	calls  atomic.Int64
	spent  atomic.Bool
}

// ParseFaults reads a comma-separated list of failures:
//
//	grad@M      the M-th gradient of the call fails; agg@M: update of the server; val@M: validation
//	grad%P      every gradient fails with probability P at its first attempt
//	W:grad@M    the M-th gradient of worker W (counted from 0); likewise W:grad%P
//	panic       instead of grad: it panics
//	W:lose@M    worker W is lost at its M-th gradient; W:lose@20ms: 20 ms after the start
func ParseFaults(text string) (*Faults, error) {
	f := &Faults{}
	for _, item := range strings.Split(text, ",") {
		r, err := parseFault(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("fault %q: %w", item, err)
		}
		f.rules = append(f.rules, r)
	}
	return f, nil
}

func parseFault(s string) (r *faultRule, err error) {
	r = &faultRule{worker: -1, what: "error"}
	if w, rest, ok := strings.Cut(s, ":"); ok {
		if r.worker, err = strconv.Atoi(w); err != nil || r.worker < 0 {
			return nil, fmt.Errorf("%q is no worker; they are counted from 0", w)
		}
		s = rest
	}
	name, at, counted := strings.Cut(s, "@")
	if !counted {
		var p string
		if name, p, counted = strings.Cut(s, "%"); !counted {
			return nil, errors.New("it needs @ and the number of a call, or % and a probability")
		}
		if r.chance, err = strconv.ParseFloat(p, 64); err != nil || !(r.chance > 0 && r.chance <= 1) {
			return nil, fmt.Errorf("%q is no probability", p)
		}
	} else if r.at, err = strconv.ParseInt(at, 10, 64); err != nil || r.at < 1 {
		if r.after, err = time.ParseDuration(at); err != nil || r.after <= 0 || name != "lose" {
			return nil, fmt.Errorf("%q is no number of a call", at)
		}
	}
	switch name {
	case "grad":
	case "panic", "lose":
		r.what = name
	case "agg", "val":
		r.step = map[string]faultStep{"agg": faultAggregation, "val": faultValidation}[name]
		if r.worker >= 0 || r.chance > 0 {
			return nil, fmt.Errorf("%s is not of a worker: write %s@1", name, name)
		}
	default:
		return nil, fmt.Errorf("unknown failure %q: it is one of grad, panic, lose, agg, val", name)
	}
	if name == "lose" && (r.worker < 0 || r.chance > 0) {
		return nil, errors.New("write W:lose@1 for worker W, counted from 0")
	}
	return r, nil
}

// hit decides whether a call fails: the n-th of a worker, or of the server, at the given
// attempt. It panics where a panic was asked for.
func (f *Faults) hit(step faultStep, worker, n, attempt int, seed uint64, start time.Time) error {
	if f == nil {
		return nil
	}
	for _, r := range f.rules {
		if r.step != step || r.worker >= 0 && r.worker != worker || !r.due(worker, n, attempt, seed, start) {
			continue
		}
		switch r.what {
		case "lose":
			return errLost
		case "panic":
			panic(ErrInjected)
		}
		return ErrInjected
	}
	return nil
}

func (r *faultRule) due(worker, n, attempt int, seed uint64, start time.Time) bool {
	switch {
	case r.chance > 0:
		s := stream(subSeed(seed, forFaults, worker+1, n))
		return attempt == 0 && float64(s.next()>>11)/(1<<53) < r.chance
	case r.after > 0:
		return time.Since(start) >= r.after && !r.spent.Swap(true)
	case r.worker >= 0:
		return attempt == 0 && int64(n) == r.at
	}
	return r.calls.Add(1) == r.at
}

// losesWorkers reports whether a worker is to be lost.
func (f *Faults) losesWorkers() bool {
	if f != nil {
		for _, r := range f.rules {
			if r.what == "lose" {
				return true
			}
		}
	}
	return false
}

// Delays are waiting times of workers after their gradients, to simulate slow ones.
type Delays struct{ rules []delayRule }

type delayRule struct {
	worker   int // -1 for all
	mean     time.Duration
	spread   time.Duration // uniform in mean +- spread
	sigma    float64       // above 0: lognormal with median mean
	on, off  int           // slow for on batches, then not for off; 0 is always
	from, to int           // batches (from 1) with delays; 0 is open
}

// ParseDelays reads a comma-separated list of delays, each of a worker (counted from 0) or of all (*):
//
//	0:5ms            5 ms after every gradient of worker 0
//	3:50ms±20ms      between 30 and 70 ms; +- can be written for ±
//	*:10ms~0.5       lognormal with median 10 ms and standard deviation 0.5 of the logarithm
//	1:50ms@10/20     10 gradients with the delay, then 20 without, and so on
//	1:50ms@30..60    from the 30th gradient to the 60th
func ParseDelays(text string) (*Delays, error) {
	d := &Delays{}
	for _, item := range strings.Split(text, ",") {
		r, err := parseDelay(strings.TrimSpace(item))
		if err != nil {
			return nil, fmt.Errorf("delay %q: %w", item, err)
		}
		d.rules = append(d.rules, r)
	}
	return d, nil
}

func parseDelay(s string) (r delayRule, err error) {
	w, s, ok := strings.Cut(s, ":")
	if !ok {
		return r, errors.New("write WORKER:TIME")
	}
	r.worker = -1
	if w != "*" {
		if r.worker, err = strconv.Atoi(w); err != nil || r.worker < 0 {
			return r, fmt.Errorf("%q is no worker; they are counted from 0, * is all", w)
		}
	}
	s, when, timed := strings.Cut(s, "@")
	if timed {
		if err := r.parseWhen(when); err != nil {
			return r, err
		}
	}
	s = strings.Replace(s, "+-", "±", 1)
	if mean, spread, ok := strings.Cut(s, "±"); ok {
		if r.spread, err = time.ParseDuration(spread); err != nil {
			return r, err
		}
		s = mean
	} else if mean, sigma, ok := strings.Cut(s, "~"); ok {
		if r.sigma, err = strconv.ParseFloat(sigma, 64); err != nil || !(r.sigma > 0) {
			return r, fmt.Errorf("%q is no standard deviation", sigma)
		}
		s = mean
	}
	if r.mean, err = time.ParseDuration(s); err != nil || r.mean < 0 || r.spread < 0 {
		return r, fmt.Errorf("%q is no time such as 5ms", s)
	}
	return r, nil
}

func (r *delayRule) parseWhen(s string) error {
	a, b, ok := strings.Cut(s, "/")
	to := [2]*int{&r.on, &r.off}
	if !ok {
		if a, b, ok = strings.Cut(s, ".."); !ok {
			return fmt.Errorf("%q is neither ON/OFF nor FROM..TO", s)
		}
		to = [2]*int{&r.from, &r.to}
	}
	for i, text := range []string{a, b} {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number of batches", text)
		}
		*to[i] = n
	}
	return nil
}

// of returns how long a worker waits after its n-th gradient.
func (d *Delays) of(worker, n int, seed uint64) (total time.Duration) {
	if d == nil {
		return 0
	}
	for i, r := range d.rules {
		slow := (r.worker < 0 || r.worker == worker) && (r.on == 0 || (n-1)%(r.on+r.off) < r.on) && (r.from == 0 || r.from <= n && n <= r.to)
		if !slow {
			continue
		}
		s := stream(subSeed(seed, forDelays, worker*len(d.rules)+i, n))
		u := float64(s.next()>>11) / (1 << 53)
		wait := float64(r.mean) + (2*u-1)*float64(r.spread)
		if r.sigma > 0 {
			v := float64(s.next()>>11) / (1 << 53)
			normal := math.Sqrt(-2*math.Log(1-u)) * math.Cos(2*math.Pi*v) // Box and Muller
			wait = float64(r.mean) * math.Exp(r.sigma*normal)
		}
		total += time.Duration(max(0, wait))
	}
	return total
}
