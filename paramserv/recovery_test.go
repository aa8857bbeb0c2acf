package paramserv

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

func faultsOf(t testing.TB, text string) *Faults {
	t.Helper()
	f, err := ParseFaults(text)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// drawing is a regression whose functions add random numbers drawn from their seed.
func drawing() funcs {
	f := regression(0.05, true)
	grad, agg := f.grad, f.agg
	noise := func(seed uint64) *value.List {
		s := stream(seed)
		n := func() float64 { return float64(s.next()>>11) / (1 << 53) }
		return value.NewList([]value.Value{column(n(), n(), n()), n()}, nil)
	}
	f.grad = func(ctx context.Context, i Info, m *value.List, x, y *matrix.Matrix) (*value.List, error) {
		g, err := grad(ctx, i, m, x, y)
		if err != nil {
			return nil, err
		}
		return value.AddLists(&matrix.Ctx{}, g, noise(i.Seed))
	}
	f.agg = func(i Info, m, g *value.List) (*value.List, error) {
		return agg(i, m, sgd(noise(i.Seed), g, -1))
	}
	return f
}

// With retries a run with failures gives the bits of one without; without, it ends with the injected failure.
func TestRetriesEqualFaultFree(t *testing.T) {
	for _, m := range modes {
		for _, freq := range Freqs() {
			c, ok := m.in(config(60, 3, 4))
			if !ok || m.utype == "HOGWILD" { // its agg must not draw
				continue
			}
			c.Freq, c.NBatches, c.Epochs = freq, 2, 3
			c.ModelAvg = m.avg && freq == "NBATCHES"
			f := drawing()
			want, _ := train(t, c, f)
			for _, fault := range []string{"grad@1", "grad@7", "0:grad@3", "2:panic@2", "1:grad@1,grad@9,0:panic@4", "grad%0.3", "0:grad%0.9"} {
				c.Faults, c.Retries = faultsOf(t, fault), 3
				got, r := train(t, c, f)
				if m.rounds && !value.EqualLists(got, want) {
					t.Errorf("%v: faults %s change the result", c, fault)
				}
				late := m.backup > 0 || m.auto // the failing worker may not get that far before the run ends
				if r.Stats.Retries == 0 && !late && !strings.Contains(fault, "%") {
					t.Errorf("%v: faults %s: nothing was retried", c, fault)
				}
				c.Faults, c.Retries = faultsOf(t, fault), 0
				if _, _, err := watched(t, context.Background(), c, f); !late && !strings.Contains(fault, "%") && (err == nil || !strings.Contains(err.Error(), ErrInjected.Error())) {
					t.Errorf("%v: faults %s without retries give %v", c, fault, err)
				}
			}
			c.Faults, c.Retries = faultsOf(t, "agg@2"), 3
			if _, _, err := watched(t, context.Background(), c, f); !c.ModelAvg && m.utype != "EASGD" && !errors.Is(err, ErrInjected) {
				t.Errorf("%v: a failing update of the server gives %v", c, err)
			}
		}
	}
}

// From the next epoch on the others train on the rows of a lost worker.
func TestLostWorker(t *testing.T) {
	count := regression(-1, true)
	count.grad = func(_ context.Context, i Info, _ *value.List, x, _ *matrix.Matrix) (*value.List, error) {
		v := []float64{0, 0, 0}
		if i.Epoch == 5 {
			v[0] = float64(x.Rows())
			for r := range x.Rows() {
				v[1] += x.At(r, 0)
			}
		}
		return value.NewList([]value.Value{column(v...), 1.0}, nil), nil
	}
	for _, m := range modes {
		for _, scheme := range SchemeNames() {
			c, ok := m.in(config(50, 4, 3))
			if !ok || m.utype == "EASGD" || m.utype == "HOGWILD" || m.auto || m.backup > 0 {
				continue
			}
			c.Scheme, c.Epochs, c.Retries = scheme, 5, 1
			c.Faults = faultsOf(t, "2:lose@6,0:lose@8")
			c.Model = value.NewList([]value.Value{column(0, 0, 0), 0.0}, nil)
			var warnings []string
			c.Warn = func(s string) { warnings = append(warnings, s) }
			got, r := train(t, c, count)
			rows, sum := 50.0, 0.0
			for i := range 50 {
				sum += c.X.At(i, 0)
			}
			copies := 1.0
			if scheme == "OVERLAP_RESHUFFLE" {
				copies = 2 // of four workers, two are left
			}
			w := got.At(0).(*matrix.Matrix)
			if m.rounds && (w.At(0, 0) != copies*rows || w.At(1, 0)-copies*sum > 1e-9 || copies*sum-w.At(1, 0) > 1e-9) {
				t.Errorf("%v: the last epoch had %v rows", c, w.At(0, 0))
			}
			if r.Stats.Lost != 2 || len(warnings) != 2 || !strings.Contains(warnings[0], "is lost; the others take over") {
				t.Errorf("%v: %d lost, warnings %q", c, r.Stats.Lost, warnings)
			}
			c.Faults, c.Retries = faultsOf(t, "2:lose@6"), 0
			if _, _, err := watched(t, context.Background(), c, count); err == nil || !strings.Contains(err.Error(), "worker 3 is lost") {
				t.Errorf("%v: without retries the loss gives %v", c, err)
			}
			c.Faults, c.Retries = faultsOf(t, "0:lose@1,1:lose@1,2:lose@1,3:lose@1"), 1
			if _, _, err := watched(t, context.Background(), c, count); err == nil || !strings.Contains(err.Error(), "all workers are lost") {
				t.Errorf("%v: the loss of all gives %v", c, err)
			}
		}
	}
}

// A record replayed gives the same bits where timing matters, whatever the delays.
func TestReplay(t *testing.T) {
	for _, m := range modes {
		c, ok := m.in(config(60, 4, 2))
		if !ok {
			continue
		}
		c.Epochs = 3
		f := regression(0.03, true)
		for _, delay := range []string{"*:50us±50us", "0:300us,2:100us~1"} {
			var err error
			if c.Delays, err = ParseDelays(delay); err != nil {
				t.Fatal(err)
			}
			log := &Log{}
			c.Record, c.Replay = log, nil
			want, rec := train(t, c, f)
			text := log.String()
			for _, again := range []string{"", "*:20us±20us", "3:400us"} {
				c.Delays = nil
				if again != "" {
					c.Delays, _ = ParseDelays(again)
				}
				c.Record = &Log{}
				if c.Replay, err = ParseLog(text); err != nil {
					t.Fatal(err)
				}
				got, rep := train(t, c, f)
				if !value.EqualLists(got, want) || rep.Stats.Accepted != rec.Stats.Accepted || rep.Stats.MaxStaleness() != rec.Stats.MaxStaleness() {
					t.Errorf("%v: the replay differs", c)
				}
				if c.Record.String() != text {
					t.Errorf("%v: the record of a replay is\n%v\nnot\n%s", c, c.Record, text)
				}
			}
		}
	}
}

func TestReplayRefuses(t *testing.T) {
	for _, k := range []struct{ log, want string }{
		{"BSP 3", "the record to replay is of utype BSP with 3 workers, but this call is ASP with 2"},
		{"ASP 2 u0 u1", "the replayed run is longer than the recorded one"},
		{"ASP 2 u0 u0 u0 u0 u0 u0 u0 u0 u0 u0 u0 u0 u0", "worker 1 does not compute when its push is due"},
		{"ASP 2 x0", "differs from the recorded one at event 1"},
	} {
		c := config(12, 2, 1)
		c.UType = "ASP"
		var err error
		if c.Replay, err = ParseLog(k.log); err != nil {
			t.Fatal(err)
		}
		if _, _, err = watched(t, context.Background(), c, regression(0.1, true)); err == nil || !strings.Contains(err.Error(), k.want) {
			t.Errorf("%s: error %v, want one with %q", k.log, err, k.want)
		}
	}
	c := config(12, 2, 1)
	c.UType = "HOGWILD"
	for _, log := range []string{"HOGWILD 2 p0 u0", "HOGWILD 2 u0", "HOGWILD 2 p0 p0", "HOGWILD 2 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0 p0 u0"} {
		c.Replay, _ = ParseLog(log)
		if _, _, err := watched(t, context.Background(), c, regression(0.1, true)); err == nil || !strings.Contains(err.Error(), "recorded one") {
			t.Errorf("%s: error %v", log, err)
		}
	}
	for _, bad := range []string{"", "ASP", "ASP x", "ASP 0", "ASP 2 u2", "ASP 2 z1", "ASP 2 u", "ASP 2 u1:x"} {
		if _, err := ParseLog(bad); err == nil {
			t.Errorf("%q is taken for a record", bad)
		}
	}
}

// checkpointed returns c with checkpoints in dir.
func checkpointed(c Config, dir string) Config {
	c.Checkpoint = Checkpointing{Every: 1, Dir: dir, Resume: true, Identity: []Fact{{"upd", "sha256:1"}}}
	return c
}

// A run that is interrupted at any update and resumed ends with the bits of one that is not.
func TestResume(t *testing.T) {
	for _, m := range modes {
		c, ok := m.in(config(40, 3, 4))
		if !ok || m.utype == "HOGWILD" {
			continue
		}
		c.Epochs, c.ValX, c.ValY, c.Seed = 4, c.X, c.Y, 99
		if m.utype == "BSP" || m.utype == "ASP" {
			c.Compress = Compression{Kind: TopK, Fraction: 0.4}
		}
		f := drawing()
		f.val = func(i Info, m *value.List, _, _ *matrix.Matrix) (float64, float64, error) {
			return m.At(1).(float64), float64(i.Epoch), nil
		}
		want, full := train(t, c, f)
		for stop := 2; stop < 18; stop += 5 {
			dir := t.TempDir()
			k := checkpointed(c, dir)
			k.Faults = faultsOf(t, "1:grad@"+string(rune('0'+stop/10))+string(rune('0'+stop%10)))
			_, _, err := watched(t, context.Background(), k, f)
			if stop <= 16 && !errors.Is(err, ErrInjected) && !m.auto && m.backup == 0 {
				t.Fatalf("%v: the run was not interrupted: %v", k, err)
			}
			k.Faults = nil
			k.Seed = 1 // that of the checkpoint counts, since the call fixes none
			if stop < 5 {
				k.Seed = c.Seed // there may be no checkpoint yet
			}
			got, r := train(t, k, f)
			if m.rounds && !value.EqualLists(got, want) {
				t.Errorf("%v: resumed after an interruption at batch %d it gives another result", c, stop)
			}
			if len(r.History) != 4 {
				t.Fatalf("%v: %d rows of history", c, len(r.History))
			}
			for e, row := range r.History {
				if row.Accuracy != float64(e+1) || m.rounds && row.Loss != full.History[e].Loss || e > 0 && row.Seconds < r.History[e-1].Seconds {
					t.Errorf("%v: row %+v, without interruption %+v", c, row, full.History[e])
				}
			}
			if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
				t.Errorf("%v: files %v are left", c, files)
			}
			again, _ := train(t, k, f)
			if !value.EqualLists(again, got) {
				t.Errorf("%v: resuming a finished run gives another result", c)
			}
		}
	}
}

// Where timing matters an interrupted and resumed run is one run: its record, replayed without an interruption, gives
// its bits; and a replay that is interrupted and resumed gives those of the record.
func TestResumeInRecordedOrder(t *testing.T) {
	for _, m := range modes {
		c, ok := m.in(config(60, 4, 2))
		if !ok || m.utype == "HOGWILD" {
			continue
		}
		c.Epochs, c.Seed, c.SeedFixed = 6, 7, true
		if m.utype == "ASP" {
			c.Compress = Compression{Kind: TopK, Fraction: 0.5}
		}
		f := drawing()
		for i, fault := range []string{"1:grad@13", "0:grad@22,2:grad@22", "3:grad@30"} {
			c.Delays, _ = ParseDelays("*:50us±50us,2:200us~1,0:400us@2/5")
			k := checkpointed(c, t.TempDir())
			k.Faults, k.Record = faultsOf(t, fault), &Log{}
			_, _, err := watched(t, context.Background(), k, f)
			if late := m.backup > 0 || m.auto; !late && !errors.Is(err, ErrInjected) {
				t.Fatalf("%v: the run was not interrupted: %v", k, err)
			}
			k.Faults, k.Record = nil, &Log{}
			want, rec := train(t, k, f)

			whole := c
			whole.Delays, _ = ParseDelays("3:300us")
			whole.Replay = k.Record
			got, rep := train(t, whole, f)
			if !value.EqualLists(got, want) {
				t.Errorf("%v: interrupted %d times and resumed it gives other bits than its record", c, i)
			}
			for e, row := range rep.History {
				if row.Pushes != rec.History[e].Pushes || row.MeanStale != rec.History[e].MeanStale || row.MaxStale != rec.History[e].MaxStale {
					t.Errorf("%v: row %+v of the history, resumed %+v", c, row, rec.History[e])
				}
			}

			k = checkpointed(whole, t.TempDir())
			k.Faults = faultsOf(t, fault)
			watched(t, context.Background(), k, f)
			k.Faults = nil
			if got, _ = train(t, k, f); !value.EqualLists(got, want) {
				t.Errorf("%v: a replay that is interrupted and resumed gives other bits", c)
			}
		}
	}
}

// A checkpoint fits one order; a record must begin with the run.
func TestResumeRefusesOtherOrders(t *testing.T) {
	c := checkpointed(config(12, 2, 1), t.TempDir())
	c.UType = "ASP"
	f := regression(0.1, true)
	c.Replay, _ = ParseLog("ASP 2 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1")
	train(t, c, f)
	c.Replay, _ = ParseLog("ASP 2 u1 u0 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1 u0 u1")
	if _, _, err := watched(t, context.Background(), c, f); err == nil || !strings.Contains(err.Error(), "in another order than the one to replay") {
		t.Errorf("another order gives %v", err)
	}
	c.Replay, c.Record = nil, &Log{}
	if _, _, err := watched(t, context.Background(), c, f); err == nil || !strings.Contains(err.Error(), "was not recorded up to the checkpoint") {
		t.Errorf("a record of the rest gives %v", err)
	}
}

// Damaged files are passed over with a warning; files of other calls are refused.
func TestDamagedCheckpoints(t *testing.T) {
	f := regression(0.1, true)
	c := checkpointed(config(30, 2, 4), t.TempDir())
	c.Epochs = 3
	want, _ := train(t, c, f)
	newest := filepath.Join(c.Checkpoint.Dir, "paramserv-0000000003.ckpt")
	older := filepath.Join(c.Checkpoint.Dir, "paramserv-0000000002.ckpt")
	data, err := os.ReadFile(newest)
	if err != nil {
		t.Fatal(err)
	}
	old, err := os.ReadFile(older)
	if err != nil {
		t.Fatal(err)
	}
	random := stream(5)
	damaged := map[string][]byte{"empty": {}, "no checkpoint": []byte("hello, this is a text and no checkpoint"), "short": data[:len(data)-1], "head": data[:12]}
	for range 60 {
		b := append([]byte(nil), data...)
		at := int(random.below(uint64(len(b))))
		b[at] ^= 1 << random.below(8)
		damaged["flipped at "+string(rune('0'+at%10))+" "+string(rune('a'+len(damaged)%26))] = b
		damaged["cut "+string(rune('a'+len(damaged)%26))] = data[:at]
	}
	for name, b := range damaged {
		if err := errors.Join(os.WriteFile(newest, b, 0o666), os.WriteFile(older, old, 0o666)); err != nil {
			t.Fatal(err)
		}
		var warnings []string
		c.Warn = func(s string) { warnings = append(warnings, s) }
		got, _ := train(t, c, f)
		if !value.EqualLists(got, want) || len(warnings) != 1 || !strings.Contains(warnings[0], "cannot be used, trying an older one") {
			t.Errorf("%s: warnings %q", name, warnings)
		}
	}
	if err := errors.Join(os.WriteFile(newest, data[:50], 0o666), os.WriteFile(older, old[:50], 0o666)); err != nil {
		t.Fatal(err)
	}
	var warnings []string
	c.Warn = func(s string) { warnings = append(warnings, s) }
	if got, _ := train(t, c, f); !value.EqualLists(got, want) || len(warnings) != 3 || !strings.Contains(warnings[2], "training from the start") {
		t.Errorf("all damaged: warnings %q", warnings)
	}
	checkRefusals(t, c, f)
}

func checkRefusals(t *testing.T, c Config, f funcs) {
	t.Helper()
	for _, k := range []struct {
		change func(c *Config)
		want   string
	}{
		{func(c *Config) { c.BatchSize = 5 }, "batchsize was 4 and is now 5"},
		{func(c *Config) { c.UType = "ASP" }, "utype was BSP and is now ASP"},
		{func(c *Config) { c.Workers = 3 }, "k was 2 and is now 3"},
		{func(c *Config) { c.Epochs = 9 }, "epochs was 3 and is now 9"},
		{func(c *Config) { c.SeedFixed = true }, "seed is new"},
		{func(c *Config) { c.Checkpoint.Identity = []Fact{{"upd", "sha256:2"}} }, "upd has changed"},
		{func(c *Config) { c.Checkpoint.Identity = append(c.Checkpoint.Identity, Fact{"hyperparams lr", "0.1"}) }, "hyperparams lr is new"},
		{func(c *Config) { c.X, c.Y = problem(31) }, "features was"},
	} {
		d := c
		k.change(&d)
		if _, _, err := watched(t, context.Background(), d, f); err == nil || !strings.Contains(err.Error(), k.want) || !strings.Contains(err.Error(), "written by another call") {
			t.Errorf("error %v, want one with %q", err, k.want)
		}
	}
}

// EPOCH10 writes every tenth file and the last; a run without resume replaces what was there.
func TestCheckpointFiles(t *testing.T) {
	c := checkpointed(config(10, 2, 5), filepath.Join(t.TempDir(), "new", "dir"))
	c.Epochs, c.Checkpoint.Every, c.Checkpoint.Resume = 25, 10, false
	train(t, c, regression(0.1, true))
	list := func() string {
		files, _ := filepath.Glob(filepath.Join(c.Checkpoint.Dir, "*"))
		for i := range files {
			files[i] = filepath.Base(files[i])
		}
		return strings.Join(files, " ")
	}
	if got := list(); got != "paramserv-0000000020.ckpt paramserv-0000000025.ckpt" {
		t.Error(got)
	}
	c.Epochs = 12
	train(t, c, regression(0.1, true))
	if got := list(); got != "paramserv-0000000010.ckpt paramserv-0000000012.ckpt" {
		t.Error(got)
	}
	c.Checkpoint.Dir = filepath.Join(c.Checkpoint.Dir, "paramserv-0000000010.ckpt")
	if _, _, err := watched(t, context.Background(), c, regression(0.1, true)); err == nil || !strings.Contains(err.Error(), "checkpoint_dir") {
		t.Errorf("a file as directory gives %v", err)
	}
}

// Lists survive the binary form with their bits; damaged forms give errors, never panics.
func TestListsAreEncoded(t *testing.T) {
	sparse := matrix.FromCSR(3, 4, &matrix.CSR{RowPtr: []int{0, 1, 1, 3}, ColIdx: []int32{2, 0, 3}, Val: []float64{1.5, -2, 1e-300}})
	for _, l := range []*value.List{
		value.NewList(nil, nil), startModel(),
		value.NewList([]value.Value{int64(-3), true, false, "ä\x00", sparse, matrix.New(nil, 0, 3), column(0.1)}, []string{"a", "b", "c", "d", "e", "f", "g"}),
	} {
		b := appendList(nil, l)
		if int64(len(b)) != encodedSize(l) {
			t.Errorf("size %d, said to be %d", len(b), encodedSize(l))
		}
		d := &decoder{b: b}
		if got := d.list(); d.err != nil || len(d.b) != 0 || !value.EqualLists(got, l) {
			t.Errorf("%v, %d bytes left", d.err, len(d.b))
		}
		for n := range b {
			d := &decoder{b: b[:n]}
			if d.list(); d.err == nil {
				t.Errorf("%d of %d bytes are enough", n, len(b))
			}
			for _, flip := range []byte{1, 0x80, 0xff} {
				c := append([]byte(nil), b...)
				c[n] ^= flip
				(&decoder{b: c}).list()
			}
		}
	}
}

// Faults, delays, all modes and all options at random: no run hangs, none leaves a goroutine behind.
func TestRandomConfigurations(t *testing.T) {
	before := runtime.NumGoroutine()
	runs := 500
	switch {
	case long():
		runs = 10000
	case testing.Short():
		runs = 100
	}
	dir := t.TempDir()
	failed, done := 0, 0
	for i := 0; done < runs; i++ {
		random := stream(uint64(i) + 1e9)
		c, ok := randomConfig(t, i, &random, dir)
		if !ok {
			continue
		}
		done++
		f := regression(0.01, true)
		f.val = func(Info, *value.List, *matrix.Matrix, *matrix.Matrix) (float64, float64, error) { return 1, 2, nil }
		ctx, cancel := context.WithCancel(context.Background())
		if random.below(8) == 0 {
			time.AfterFunc(time.Duration(random.below(2000))*time.Microsecond, cancel)
		}
		_, r, err := watched(t, ctx, c, f)
		cancel()
		switch {
		case err == nil && len(r.History) != c.Epochs:
			t.Errorf("%d %v: %d rows of history", i, c, len(r.History))
		case err != nil && c.Faults == nil && !errors.Is(err, context.Canceled):
			t.Errorf("%d %v: %v", i, c, err)
		case err != nil:
			failed++
		}
		if n := runtime.NumGoroutine(); n > before+20 && !settled(before) {
			t.Fatalf("%d %v: %d goroutines before, %d after", i, c, before, n)
		}
	}
	if !settled(before) {
		t.Errorf("%d goroutines before, %d after", before, runtime.NumGoroutine())
	}
	if failed == 0 || failed == done {
		t.Errorf("%d of %d runs ended with an error", failed, done)
	}
	t.Logf("%d configurations, %d of which ended with the injected error or were cancelled", done, failed)
}

// randomConfig draws the i-th configuration, with a fault, a delay or both; ok is false when its
// mode does not go with the rest.
func randomConfig(t *testing.T, i int, random *stream, dir string) (c Config, ok bool) {
	pick := func(n int) int { return int(random.below(uint64(n))) }
	c = config(1+pick(40), 1+pick(6), 1+pick(8))
	c.Epochs, c.Scheme, c.Freq, c.NBatches, c.Seed = 1+pick(3), SchemeNames()[pick(4)], Freqs()[pick(3)], 1+pick(3), int64(i)
	c.Imbalance, c.Retries, c.Prefetch = Imbalances()[pick(3)], pick(3), pick(2) == 0
	c.ModelAvg, c.Reshuffle = pick(3) == 0, c.Scheme == "OVERLAP_RESHUFFLE" && pick(2) == 0
	if c, ok = modes[pick(len(modes))].in(c); !ok {
		return c, false
	}
	injected := 1 + pick(3)
	if injected&1 != 0 {
		faults := []string{"grad@3", "panic@5", "0:lose@2", "agg@2", "val@1", "grad%0.2", "0:lose@1ms", "0:grad@1,0:lose@3", "0:panic@2"}
		c.Faults = faultsOf(t, faults[pick(len(faults))])
	}
	if injected&2 != 0 {
		delays := []string{"*:20us±20us", "0:200us", "*:10us~1", "0:300us@1/3", "0:1ms@2..3"}
		c.Delays, _ = ParseDelays(delays[pick(len(delays))])
	}
	if pick(3) == 0 {
		c.ValX, c.ValY = c.X, c.Y
	}
	if pick(4) == 0 && c.UType != "HOGWILD" {
		c = checkpointed(c, dir)
		c.Checkpoint.Resume = false
	}
	if pick(4) == 0 && !c.ModelAvg && c.UType != "EASGD" {
		c.Compress = Compression{Kind: CompressionKind(1 + pick(2)), Fraction: 0.3}
	}
	return c, true
}
