package builtins

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/paramserv"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// callParamServer runs all checks, trains, and returns the model and the history.
func callParamServer(a *exec.Args) ([]value.Value, error) {
	if a.M.Context().Value(insidePS{}) != nil {
		return nil, exec.Failf(diag.ParamServ, "train the inner model before or after the call", "paramserv cannot be called from a function that paramserv runs")
	}
	d := psDecoder{a: a}
	cfg := d.config()
	prog := d.program()
	cfg.Checkpoint.Identity = prog.identity()
	d.errs = append(d.errs, cfg.Check()...)
	if len(d.errs) > 0 {
		return nil, psErrors(d.errs)
	}
	d.warnings(&cfg)
	cfg.OnEpoch = func(e paramserv.Epoch) {
		score := ""
		if cfg.ValX != nil {
			score = fmt.Sprintf(", loss %g, accuracy %g", e.Loss, e.Accuracy)
		}
		a.M.Progress("paramserv epoch %d/%d: %.3f s, %d pushes, staleness %.2f%s", e.Epoch, cfg.Epochs, e.Seconds, e.Pushes, e.MeanStale, score)
	}
	out, err := psOutside(a.M.Training(), &cfg)
	if err != nil {
		return nil, exec.Failf(diag.ParamServ, "", "paramserv: %v", err)
	}
	model, report, err := paramserv.Run(a.M.Context(), cfg, prog)
	if cerr := out.close(); err == nil && cerr != nil {
		value.Release(model)
		err = cerr
	}
	if err != nil {
		return nil, psPlaced(err)
	}
	if s := a.M.Stats(); s != nil {
		s.Note(psNotes(&report.Stats)...)
	}
	return []value.Value{model, psHistory(report.History)}, nil
}

// insidePS marks the contexts of functions that paramserv runs.
type insidePS struct{}

// psErrors joins what is wrong with a call into one error.
func psErrors(errs []error) error {
	if len(errs) == 1 {
		return exec.Failf(diag.ParamServ, "", "paramserv: %v", errs[0])
	}
	msg := fmt.Sprintf("paramserv: %d arguments are wrong", len(errs))
	for _, e := range errs {
		msg += "; " + e.Error()
	}
	return exec.Failf(diag.ParamServ, "", "%s", msg)
}

// psPlaced brings the error of a DML function forward, with the worker, epoch and batch it happened in.
func psPlaced(err error) error {
	var in *paramserv.Error
	var at *exec.Error
	if !errors.As(err, &in) || !errors.As(in.Err, &at) {
		return err
	}
	placed := *at
	placed.Msg = fmt.Sprintf("%s (paramserv %s)", at.Msg, in.Where())
	return &placed
}

func psHistory(rows []paramserv.Epoch) *matrix.Matrix {
	const cols = 7
	d := make([]float64, 0, cols*len(rows))
	for _, r := range rows {
		d = append(d, float64(r.Epoch), r.Seconds, float64(r.Pushes), r.MeanStale, float64(r.MaxStale), r.Loss, r.Accuracy)
	}
	return matrix.FromDense(len(rows), cols, d)
}

// psDecoder reads the arguments of a call and collects what is wrong with them.
type psDecoder struct {
	a    *exec.Args
	errs []error
}

func (d *psDecoder) bad(format string, args ...any) {
	d.errs = append(d.errs, fmt.Errorf(format, args...))
}

func (d *psDecoder) config() paramserv.Config {
	a := d.a
	c := paramserv.Config{
		UType: d.text(psUType, "ASP"), Freq: d.text(psFreq, "EPOCH"), Scheme: d.text(psScheme, "DISJOINT_CONTIGUOUS"),
		Epochs: d.count(psEpochs, 0), BatchSize: d.count(psBatchSize, 64), NBatches: d.count(psNBatches, 1),
		ModelAvg: d.truth(psModelAvg), Weighting: d.truth(psWeighting),
		X: d.matrix(psFeatures), Y: d.matrix(psLabels),
		Budget: a.M.Workers(), Mem: a.M.Mat().Mem,
		Warn: func(s string) { a.M.Warn("%s", s) },
	}
	c.Model, _ = arg(a, psModel).(*value.List)
	if a.Has(psK) {
		if c.Workers = d.count(psK, 0); c.Workers == 0 {
			d.bad("k must be at least 1, not 0")
		}
	}
	if a.Has(psAlpha) {
		v, err := a.Float(psAlpha, 0)
		if err != nil {
			d.errs = append(d.errs, err)
		}
		c.Alpha = &v
	}
	if a.Has(psVal) {
		c.ValX, c.ValY = d.matrix(psValFeatures), d.matrix(psValLabels)
	}
	if c.SeedFixed = a.Has(psSeed); c.SeedFixed {
		c.Seed, _ = d.integer(psSeed)
	} else {
		c.Seed = a.M.NextSeed()
	}
	if msg := psBadMode(d.text(psMode, "LOCAL")); msg != "" {
		d.bad("%s", msg)
	}
	if w := d.text(psBalancing, "NONE"); w != "NONE" {
		d.bad("unknown runtime_balancing %q: it is NONE", w)
	}
	if d.truth(psHE) {
		d.bad("he=TRUE is not offered: there is no homomorphic encryption")
	}
	d.options(&c)
	return c
}

// options reads what goes beyond the core parameters.
func (d *psDecoder) options(c *paramserv.Config) {
	c.Staleness, c.Servers, c.Retries = d.count(psStaleness, 1), d.count(psServers, 1), d.count(psRetries, 0)
	if c.Servers == 0 {
		d.bad("servers must be at least 1, not 0")
	}
	c.Backup = 1
	if s, ok := arg(d.a, psBackup).(string); !ok {
		c.Backup = d.count(psBackup, 1)
	} else if c.AutoBackup = s == psAuto; !c.AutoBackup {
		d.bad("num_backup_workers must be an integer or \"auto\", not %q", s)
	}
	c.Prefetch = !d.a.Has(psPrefetch) || d.truth(psPrefetch)
	c.Imbalance, c.Reshuffle, c.Ceiled = d.text(psImbalance, "SKIP"), d.truth(psReshuffle), d.truth(psSchemeCompat)
	var err error
	if c.Compress, err = paramserv.ParseCompression(d.text(psCompress, "NONE")); err != nil {
		d.errs = append(d.errs, err)
	}
	word := d.text(psCheckpointing, "NONE")
	every, ok := paramserv.CheckpointEvery(word)
	if !ok {
		d.bad("unknown checkpointing %q: it is one of %s", word, strings.Join(paramserv.CheckpointWords(), ", "))
	}
	c.Checkpoint = paramserv.Checkpointing{Every: every, Resume: d.truth(psResume)}
	if dir := d.text(psCheckpointDir, ""); dir != "" {
		c.Checkpoint.Dir = d.a.M.FilePath(dir)
	}
	if !d.a.Has(psLocalSteps) {
		return
	}
	for _, p := range []int{psFreq, psNBatches, psModelAvg} {
		if d.a.Has(p) {
			d.bad("localsteps sets %s: leave it out", psName(p))
		}
	}
	c.Freq, c.NBatches, c.ModelAvg = "NBATCHES", d.count(psLocalSteps, 1), true
}

func (d *psDecoder) text(p int, def string) string {
	if !d.a.Has(p) {
		return def
	}
	s, ok := arg(d.a, p).(string)
	if !ok {
		d.bad("%s must be a string, not a %s", psName(p), value.TypeOf(arg(d.a, p)))
		return def
	}
	return s
}

func (d *psDecoder) integer(p int) (int64, bool) {
	v, ok := arg(d.a, p).(int64)
	if !ok {
		d.bad("%s must be an integer, not a %s: use as.integer(...)", psName(p), value.TypeOf(arg(d.a, p)))
	}
	return v, ok
}

func (d *psDecoder) count(p, def int) int {
	if !d.a.Has(p) {
		return def
	}
	v, ok := d.integer(p)
	if !ok {
		return 1 // reported already
	}
	return int(min(max(v, math.MinInt32), math.MaxInt32))
}

func (d *psDecoder) truth(p int) bool {
	if !d.a.Has(p) {
		return false
	}
	v, err := psTruth(arg(d.a, p))
	if err != nil {
		d.bad("%s: %v", psName(p), err)
	}
	return v
}

// matrix returns a matrix argument, nil when it was not passed.
func (d *psDecoder) matrix(p int) *matrix.Matrix {
	if !d.a.Has(p) {
		return nil
	}
	m, err := d.a.Matrix(p)
	if err != nil {
		d.errs = append(d.errs, err)
	}
	return m
}

// warnings repeats at run time those that depend on values: the compiler has told the others.
func (d *psDecoder) warnings(c *paramserv.Config) {
	if d.a.Has(psAlpha) && d.a.Has(psModelAvg) && !(c.ModelAvg && (c.UType == "ASP" || c.UType == "SSP" && c.Staleness > 0)) {
		d.a.M.Warn(`paramserv: alpha has no effect where workers wait for rounds: it needs utype="ASP", or "SSP" with staleness`)
	}
}

// program resolves the three functions and checks their signatures.
func (d *psDecoder) program() *psProgram {
	p := &psProgram{m: d.a.M, grad: d.function(&psGradient), agg: d.function(&psStep)}
	p.hyper, _ = arg(d.a, psHyper).(*value.List)
	if d.a.Has(psVal) && d.a.Has(psValFeatures) {
		p.val = d.function(&psScore)
	}
	return p
}

func (d *psDecoder) function(r *psRole) *psFunc {
	key := d.text(r.param, "")
	fn := findFunction(d.a.M, key)
	if fn == nil {
		d.bad("%s names the unknown function %s", psName(r.param), key)
		return nil
	}
	for _, msg := range r.faults(declared(fn), d.a.Has(psHyper)) {
		d.bad("%s function %s", psName(r.param), msg)
	}
	return &psFunc{fn}
}

// declared returns the signature of a compiled function.
func declared(fn *exec.Function) types.FuncSig {
	s := types.FuncSig{Name: fn.Name}
	for _, p := range fn.Params {
		s.Params = append(s.Params, types.FuncParam{Name: p.Name, Type: p.Type})
		s.HasDefault = append(s.HasDefault, p.Default != nil)
	}
	for _, r := range fn.Results {
		s.Results = append(s.Results, types.FuncParam{Name: r.Name, Type: r.Type})
	}
	return s
}

// psProgram makes machines for the goroutines of one call.
type psProgram struct {
	m              *exec.Machine
	grad, agg, val *psFunc
	hyper          *value.List
}

// identity tells calls apart for checkpoints: by the text of their functions and by hyperparams.
func (p *psProgram) identity() []paramserv.Fact {
	var fs []paramserv.Fact
	for _, f := range []struct {
		name string
		fn   *psFunc
	}{{"upd", p.grad}, {"agg", p.agg}, {"val", p.val}} {
		if f.fn != nil {
			fs = append(fs, paramserv.Fact{Name: f.name, Value: psDigest(psSource(p.m, f.fn.fn))})
		}
	}
	if p.hyper != nil {
		o := value.DefaultText()
		o.Rows, o.Cols, o.Decimal = -1, -1, 17
		for i := range p.hyper.Len() {
			name := p.hyper.Name(i)
			if name == "" {
				name = fmt.Sprint(i + 1)
			}
			text := value.ToString(p.hyper.At(i), o)
			if len(text) > 40 {
				text = psDigest(text)
			}
			fs = append(fs, paramserv.Fact{Name: "hyperparams " + name, Value: text})
		}
	}
	return fs
}

// psSource returns the text of all functions of the file of fn, which are those that it is likely to call.
func psSource(m *exec.Machine, fn *exec.Function) string {
	f := fileOf(m, fn.At)
	if f == nil {
		return fn.Key
	}
	funcs := m.Program().Funcs
	text := fn.Key
	for _, k := range slices.Sorted(maps.Keys(funcs)) {
		if other := funcs[k]; fileOf(m, other.At) == f {
			text += "\n" + f.Slice(other.At)
		}
	}
	return text
}

func psDigest(text string) string { return fmt.Sprintf("sha256:%x", sha256.Sum256([]byte(text))) }

func (p *psProgram) Worker(id, threads int) (paramserv.Functions, error) {
	return &psWorker{prog: p, id: id, threads: threads}, nil
}

// psWorker runs the functions on a machine of its own, made at the first call, when the context is known.
type psWorker struct {
	prog        *psProgram
	id, threads int
	m           *exec.Machine
	release     func()
}

func (w *psWorker) Close() {
	if w.m != nil {
		w.m.Close()
		w.release()
	}
}

func (w *psWorker) call(ctx context.Context, f *psFunc, info paramserv.Info, in map[string]value.Value) ([]value.Value, error) {
	if w.m == nil {
		w.m, w.release = w.prog.m.ForkContext(context.WithValue(ctx, insidePS{}, true), w.prog.m.Workers().Limit(w.threads), info.Seed)
	}
	w.m.Reseed(info.Seed)
	if w.prog.hyper != nil {
		in[psHyperIn.Name] = w.prog.hyper
	}
	return f.call(w.m, info, in)
}

func (w *psWorker) Gradient(ctx context.Context, info paramserv.Info, model *value.List, x, y *matrix.Matrix) (*value.List, error) {
	return list(w.call(ctx, w.prog.grad, info, map[string]value.Value{"model": model, "features": x, "labels": y}))
}

func (w *psWorker) Aggregate(ctx context.Context, info paramserv.Info, model, gradients *value.List) (*value.List, error) {
	return list(w.call(ctx, w.prog.agg, info, map[string]value.Value{"model": model, "gradients": gradients}))
}

func (w *psWorker) Validate(ctx context.Context, info paramserv.Info, model *value.List, x, y *matrix.Matrix) (loss, accuracy float64, err error) {
	out, err := w.call(ctx, w.prog.val, info, map[string]value.Value{"model": model, "val_features": x, "val_labels": y})
	if err != nil {
		return 0, 0, err
	}
	var nums [2]float64
	for i, v := range out {
		d, err := value.Convert(v, types.Double)
		if err != nil {
			return 0, 0, fmt.Errorf("result %d of %s: %w", i+1, w.prog.val.fn.Name, err)
		}
		nums[i] = d.(float64)
	}
	return nums[0], nums[1], nil
}

// list takes the one result of a function; the signature check has made sure that it is declared as a list.
func list(out []value.Value, err error) (*value.List, error) {
	if err != nil {
		return nil, err
	}
	l, ok := out[0].(*value.List)
	if !ok {
		return nil, fmt.Errorf("a list is needed here, not a %s", value.TypeOf(out[0]))
	}
	return l, nil
}

// psFunc is a DML function that is called with arguments by name.
type psFunc struct{ fn *exec.Function }

func (f *psFunc) call(m *exec.Machine, info paramserv.Info, in map[string]value.Value) ([]value.Value, error) {
	args := make([]value.Value, len(f.fn.Params))
	for i, p := range f.fn.Params {
		args[i] = in[p.Name]
		if p.Name == psInfoIn.Name {
			l := psInfo(info)
			defer value.Release(l)
			args[i] = l
		}
	}
	return m.Call(f.fn, args)
}

func psInfo(i paramserv.Info) *value.List {
	return value.NewList(
		[]value.Value{int64(i.Epoch), int64(i.Round), int64(i.Iter), int64(i.Worker), int64(i.Workers), int64(i.Rows), int64(i.BatchSize)},
		[]string{"epoch", "round", "iter", "worker", "workers", "rows", "batchsize"})
}
