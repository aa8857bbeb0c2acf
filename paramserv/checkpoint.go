package paramserv

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gdml/runtime/value"
)

// Checkpointing says when the state of a call is written to files, and whether a call begins with one.
type Checkpointing struct {
	Every  int    // epochs between files; 0 writes none
	Dir    string // of one call; is made when it does not exist
	Resume bool   // go on from the newest valid file, if there is one
	// Identity is what the caller knows of the call besides this Config, by name: the text of the
	// functions, hyperparams. A file of a call that differs is refused.
	Identity []Fact
}

// Fact is a named property of a call.
type Fact struct{ Name, Value string }

// CheckpointWords lists the legal words of checkpointing, for 0, 1 and 10 epochs.
func CheckpointWords() []string { return []string{"NONE", "EPOCH", "EPOCH10"} }

// CheckpointEvery returns the number of epochs that a word stands for.
func CheckpointEvery(word string) (int, bool) {
	n, ok := map[string]int{"NONE": 0, "EPOCH": 1, "EPOCH10": 10}[word]
	return n, ok
}

func (k *Checkpointing) check(bad func(format string, args ...any)) {
	switch {
	case k.Every > 0 && k.Dir == "":
		bad("checkpointing needs checkpoint_dir")
	case k.Every == 0 && k.Resume:
		bad("resume=TRUE needs checkpointing")
	}
}

// Names of the files, and how many are kept.
const (
	filePrefix = "paramserv-"
	fileSuffix = ".ckpt"
	filesKept  = 2
)

// seconds is how long training took up to the checkpoint.
func (c *checkpoint) seconds() float64 {
	if len(c.history) == 0 {
		return 0
	}
	return c.history[len(c.history)-1].Seconds
}

// batchesDone returns the batches behind the pushes up to the positions of the workers.
func (c *checkpoint) batchesDone(p *plan) (n int) {
	d := p.deals[0]
	for w, at := range c.positions {
		for g := range d.pushes[w] {
			lo, hi := d.span(w, g)
			n += (hi - lo) * at.epoch
			if g < at.group {
				n += hi - lo
			}
		}
	}
	return n
}

// facts describes everything that a resumed call must have in common with the one that wrote a file.
func facts(p *plan) []Fact {
	c := p.cfg
	fs := []Fact{
		{"utype", c.UType}, {"freq", c.Freq}, {"scheme", c.Scheme}, {"imbalance", c.Imbalance}, {"compress", c.Compress.String()},
		{"features", c.X.String()}, {"labels", c.Y.String()},
	}
	for _, n := range []struct {
		name  string
		value int
	}{
		{"nbatches", c.NBatches}, {"epochs", c.Epochs}, {"batchsize", c.BatchSize}, {"k", p.workers},
		{"staleness", c.Staleness}, {"num_backup_workers", c.Backup}, {"servers", c.Servers},
	} {
		fs = append(fs, Fact{n.name, strconv.Itoa(n.value)})
	}
	for _, b := range []struct {
		name  string
		value bool
	}{
		{"modelAvg", c.ModelAvg}, {"weighting", c.Weighting}, {"reshuffle", c.Reshuffle}, {"scheme_compat", c.Ceiled},
		{"num_backup_workers=auto", c.AutoBackup}, {"validation", c.ValX != nil},
	} {
		fs = append(fs, Fact{b.name, strconv.FormatBool(b.value)})
	}
	if c.Alpha != nil {
		fs = append(fs, Fact{"alpha", strconv.FormatFloat(*c.Alpha, 'g', -1, 64)})
	}
	if c.SeedFixed {
		fs = append(fs, Fact{"seed", strconv.FormatInt(c.Seed, 10)})
	}
	for i := range c.Model.Len() {
		fs = append(fs, Fact{"model entry " + entryName(c.Model, i), shapeText(c.Model.At(i))})
	}
	return append(fs, c.Checkpoint.Identity...)
}

func shapeText(v value.Value) string {
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	return value.TypeOf(v).String()
}

// keeper writes the checkpoints of a call.
type keeper struct {
	dir   string
	every int
	facts []Fact
	files []string // written or resumed from, oldest first
	wrote bool
}

// checkpoints prepares the directory and returns the state to resume from, nil for none.
func (r *run) checkpoints() (*checkpoint, error) {
	k := &r.plan.cfg.Checkpoint
	if k.Every == 0 {
		return nil, nil
	}
	if err := os.MkdirAll(k.Dir, 0o777); err != nil {
		return nil, fmt.Errorf("checkpoint_dir: %w", err)
	}
	r.keep = &keeper{dir: k.Dir, every: k.Every, facts: facts(r.plan)}
	if !k.Resume {
		return nil, nil
	}
	names, err := r.keep.list()
	if err != nil {
		return nil, err
	}
	for i := len(names) - 1; i >= 0; i-- {
		data, err := os.ReadFile(names[i])
		var c *checkpoint
		if err == nil {
			c, err = decodeCheckpoint(data)
		}
		if err != nil {
			r.plan.cfg.warn("checkpoint %s cannot be used, trying an older one: %v", names[i], err)
			continue
		}
		if err := r.keep.accepts(c); err != nil {
			return nil, fmt.Errorf("resume: %s was written by another call: %w", names[i], err)
		}
		r.keep.files = names[:i+1]
		return c, r.adopt(c)
	}
	if len(names) > 0 {
		r.plan.cfg.warn("no checkpoint in %s can be used, training from the start", k.Dir)
	}
	return nil, nil
}

// adopt takes over the seed of a checkpoint when the call does not fix one.
func (r *run) adopt(c *checkpoint) error {
	cfg := r.plan.cfg
	if !cfg.SeedFixed && cfg.Seed != c.seed {
		cfg.Seed = c.seed
		p, err := newPlan(cfg)
		if err != nil {
			return err
		}
		r.plan = p
	}
	if len(c.positions) != r.plan.workers || c.epoch > cfg.Epochs || len(c.locals) > 0 && len(c.locals) != r.plan.workers {
		return errNotOfCall
	}
	for w, f := range c.flights {
		if f.model != nil && (w >= r.plan.workers || f.round < 0 || f.round >= r.plan.total() || !r.plan.has(w, f.round)) {
			return errNotOfCall
		}
	}
	return nil
}

var errNotOfCall = errors.New("resume: the checkpoint does not belong to this call")

// accepts says what differs between the call that wrote c and this one.
func (k *keeper) accepts(c *checkpoint) error {
	var diffs []string
	mine := map[string]string{}
	for _, f := range k.facts {
		mine[f.Name] = f.Value
	}
	for _, f := range c.facts {
		if v, ok := mine[f.Name]; !ok || v != f.Value {
			diffs = append(diffs, differs(f, v))
		}
		delete(mine, f.Name)
	}
	for _, f := range k.facts {
		if _, left := mine[f.Name]; left {
			diffs = append(diffs, f.Name+" is new")
		}
	}
	if diffs == nil {
		return nil
	}
	return errors.New(strings.Join(diffs, ", "))
}

// differs describes a fact that has changed; long ones, such as the text of functions, are only named.
func differs(f Fact, now string) string {
	if len(f.Value)+len(now) > 60 || strings.HasPrefix(f.Value, "sha256:") {
		return f.Name + " has changed"
	}
	return fmt.Sprintf("%s was %s and is now %s", f.Name, f.Value, now)
}

// list returns the checkpoint files of the directory, oldest first.
func (k *keeper) list() ([]string, error) {
	entries, err := os.ReadDir(k.dir)
	if err != nil {
		return nil, fmt.Errorf("checkpoint_dir: %w", err)
	}
	var names []string
	for _, e := range entries {
		if n := e.Name(); strings.HasPrefix(n, filePrefix) && strings.HasSuffix(n, fileSuffix) {
			names = append(names, filepath.Join(k.dir, n))
		}
	}
	slices.Sort(names) // numbers have a fixed width
	return names, nil
}

// save writes a file at the end of an epoch that is due.
func (r *run) save(s *snapshot) error {
	if s.row.Epoch%r.keep.every != 0 && s.row.Epoch != r.plan.cfg.Epochs {
		return nil
	}
	begin := time.Now()
	c := &checkpoint{
		facts: r.keep.facts, seed: r.plan.cfg.Seed, epoch: s.row.Epoch, version: s.version, model: s.model,
		positions: s.positions, locals: s.locals, rest: s.rest, history: r.history,
		flights: s.flights, running: s.running, barrier: s.barrier, order: s.order,
	}
	name := filepath.Join(r.keep.dir, fmt.Sprintf("%s%010d%s", filePrefix, c.epoch, fileSuffix))
	if err := r.keep.write(name, c.encode()); err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	r.tell(Event{Kind: "checkpoint", Epoch: c.epoch, Seconds: time.Since(begin).Seconds(), Message: name})
	return nil
}

// write makes the file durable under a temporary name, renames it, and removes all but the newest two.
func (k *keeper) write(name string, data []byte) error {
	f, err := os.OpenFile(name+".tmp", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	err = errors.Join(err, f.Close())
	if err == nil {
		err = os.Rename(f.Name(), name)
	}
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	if err := syncDir(k.dir); err != nil {
		return err
	}
	k.files = append(slices.DeleteFunc(k.files, func(o string) bool { return o == name }), name)
	return k.tidy()
}

// syncDir makes a rename durable. Systems that cannot sync a directory say so, which is no failure.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, os.ErrInvalid) {
		return err
	}
	return nil
}

// tidy removes what earlier calls left in the directory, once, and the oldest file of this one.
func (k *keeper) tidy() error {
	old := k.files[:max(0, len(k.files)-filesKept)]
	k.files = k.files[len(old):]
	if !k.wrote {
		k.wrote = true
		all, err := k.list()
		if err != nil {
			return err
		}
		old = slices.DeleteFunc(all, func(n string) bool { return slices.Contains(k.files, n) })
		left, _ := filepath.Glob(filepath.Join(k.dir, filePrefix+"*.tmp"))
		old = append(old, left...)
	}
	for _, n := range old {
		if err := os.Remove(n); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
