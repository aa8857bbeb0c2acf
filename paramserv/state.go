package paramserv

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"gdml/runtime/value"
)

// A checkpoint file is the magic, the length of the rest as 8 bytes, the rest, and the
// SHA-256 of all before it. The last byte of the magic is the version of the format.
const magic = "gdmlps\x00\x02"

// checkpoint is the state of a call at the end of an epoch. Random numbers need no state:
// each is derived from the seed and the place where it is drawn. A call that goes on from it is the one
// that wrote it: what a worker was computing, it computes again from the same model.
type checkpoint struct {
	facts     []Fact
	seed      int64
	epoch     int // finished ones
	version   int
	model     *value.List
	positions []position
	locals    []*value.List // of EASGD; else empty
	rest      []*value.List // nil for workers that left nothing out
	flights   []flight      // per worker; empty where nobody computes at the end of an epoch
	running   []Epoch       // counters of epochs that some workers have begun
	barrier   []float64     // what a stateful barrier has learnt
	order     progress
	history   []Epoch
}

// flight is a round that a worker computes.
type flight struct {
	round, version int
	model          *value.List // of that version; nil for a worker that computes nothing
}

// encode returns the contents of the file.
func (c *checkpoint) encode() []byte {
	var b []byte
	b = appendUint(b, uint64(len(c.facts)))
	for _, f := range c.facts {
		b = appendText(appendText(b, f.Name), f.Value)
	}
	for _, v := range []int{int(c.seed), c.epoch, c.version} {
		b = appendUint(b, uint64(v))
	}
	b = appendList(b, c.model)
	b = appendUint(b, uint64(len(c.positions)))
	for w, at := range c.positions {
		for _, v := range []int{at.epoch, at.group, at.iter} {
			b = appendUint(b, uint64(v))
		}
		b = appendOptional(b, c.rest[w])
	}
	b = appendUint(b, uint64(len(c.locals)))
	for _, l := range c.locals {
		b = appendList(b, l)
	}
	b = c.appendFlights(b)
	b = appendFloats(appendUint(b, uint64(len(c.barrier))), c.barrier)
	b = appendUint(appendUint(b, uint64(c.order.events)), c.order.digest)
	b = appendUint(b, uint64(len(c.order.entries)))
	for _, e := range c.order.entries {
		b = appendUint(appendUint(append(b, e.Kind), uint64(e.Worker)), uint64(e.Took))
	}
	for _, rows := range [][]Epoch{c.running, c.history} {
		b = appendUint(b, uint64(len(rows)))
		for _, e := range rows {
			b = appendUint(appendUint(appendUint(b, uint64(e.Epoch)), uint64(e.Pushes)), uint64(e.MaxStale))
			b = appendFloats(b, []float64{e.Seconds, e.MeanStale, e.Loss, e.Accuracy})
		}
	}
	out := appendUint([]byte(magic), uint64(len(b)))
	out = append(out, b...)
	sum := sha256.Sum256(out)
	return append(out, sum[:]...)
}

// How the model of a flight is written: not at all, in full, or as the one of an earlier worker or of the checkpoint.
const (
	noFlight byte = iota
	ownModel
	modelOfWorker
	modelOfCheckpoint
)

// appendFlights encodes what the workers compute. Models of one version are one model, written once.
func (c *checkpoint) appendFlights(b []byte) []byte {
	b = appendUint(b, uint64(len(c.flights)))
	first := map[int]int{} // worker whose flight has the model of a version
	for w, f := range c.flights {
		if f.model == nil {
			b = append(b, noFlight)
			continue
		}
		how := ownModel
		of, seen := first[f.version]
		switch {
		case f.version == c.version:
			how = modelOfCheckpoint
		case seen:
			how = modelOfWorker
		default:
			first[f.version] = w
		}
		b = appendUint(appendUint(append(b, how), uint64(f.round)), uint64(f.version))
		switch how {
		case ownModel:
			b = appendList(b, f.model)
		case modelOfWorker:
			b = appendUint(b, uint64(of))
		}
	}
	return b
}

func appendOptional(b []byte, l *value.List) []byte {
	if l == nil {
		return append(b, 0)
	}
	return appendList(append(b, 1), l)
}

// decodeCheckpoint reads the contents of a file.
func decodeCheckpoint(data []byte) (*checkpoint, error) {
	const head = len(magic) + 8
	if len(data) < head || string(data[:len(magic)-1]) != magic[:len(magic)-1] {
		return nil, errors.New("it is no checkpoint of paramserv")
	}
	if data[len(magic)-1] != magic[len(magic)-1] {
		return nil, fmt.Errorf("its format version is %d, not %d", data[len(magic)-1], magic[len(magic)-1])
	}
	d := &decoder{b: data[len(magic):]}
	if n := d.uint(); n != uint64(len(data)-head-sha256.Size) {
		return nil, errors.New("it is incomplete")
	}
	body := data[:len(data)-sha256.Size]
	if sum := sha256.Sum256(body); !bytes.Equal(sum[:], data[len(body):]) {
		return nil, errors.New("its checksum is wrong")
	}
	d.b = body[head:]
	c := &checkpoint{}
	c.decode(d)
	if d.err == nil && len(d.b) > 0 {
		d.err = errors.New("there is more data than there should be")
	}
	return c, d.err
}

func (c *checkpoint) decode(d *decoder) {
	for range d.count(8) {
		c.facts = append(c.facts, Fact{d.text(), d.text()})
	}
	c.seed, c.epoch, c.version = int64(d.uint()), int(d.uint()), int(d.uint())
	c.model = d.list()
	for range d.count(25) {
		c.positions = append(c.positions, position{int(d.uint()), int(d.uint()), int(d.uint())})
		var rest *value.List
		if d.byte() == 1 {
			rest = d.list()
		}
		c.rest = append(c.rest, rest)
	}
	for range d.count(listHeader) {
		c.locals = append(c.locals, d.list())
	}
	for range d.count(1) {
		c.flights = append(c.flights, c.flight(d))
	}
	c.barrier = d.floats(d.count(8))
	c.order.events, c.order.digest = int(d.uint()), d.uint()
	for range d.count(17) {
		c.order.entries = append(c.order.entries, entry{Kind: d.byte(), Worker: int(d.uint()), Took: time.Duration(d.uint())})
	}
	for _, rows := range []*[]Epoch{&c.running, &c.history} {
		for range d.count(7 * 8) {
			e := Epoch{Epoch: int(d.uint()), Pushes: int(d.uint()), MaxStale: int(d.uint())}
			e.Seconds, e.MeanStale, e.Loss, e.Accuracy = d.float(), d.float(), d.float(), d.float()
			*rows = append(*rows, e)
		}
	}
}

// flight decodes one of appendFlights.
func (c *checkpoint) flight(d *decoder) flight {
	how := d.byte()
	if how == noFlight {
		return flight{}
	}
	f := flight{round: int(d.uint()), version: int(d.uint())}
	switch how {
	case ownModel:
		f.model = d.list()
	case modelOfCheckpoint:
		f.model = retainList(c.model)
	case modelOfWorker:
		if of := d.uint(); of < uint64(len(c.flights)) {
			f.model = retainList(c.flights[of].model)
		}
	}
	if f.model == nil && d.err == nil {
		d.err = errors.New("a worker computes without a model")
	}
	return f
}
