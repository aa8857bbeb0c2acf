package builtins

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/paramserv"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/par"
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
	prog.seed = cfg.Seed
	d.errs = append(d.errs, cfg.Check()...)
	if len(d.errs) > 0 {
		return nil, psErrors(d.errs)
	}
	d.warnings(&cfg)
	cfg.OnEpoch = func(e paramserv.Epoch) {
		a.M.Progress("paramserv epoch %d/%d: %.3f s, %d pushes, staleness %.2f, loss %g, accuracy %g",
			e.Epoch, cfg.Epochs, e.Seconds, e.Pushes, e.MeanStale, e.Loss, e.Accuracy)
	}
	model, report, err := paramserv.Run(a.M.Context(), cfg, prog)
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

// psNotes are the lines of -stats about one call. Times of workers are sums.
func psNotes(s *paramserv.Stats) []string {
	sec := func(d time.Duration) string { return fmt.Sprintf("%.3f secs.", d.Seconds()) }
	var wait time.Duration
	for _, w := range s.Wait {
		wait += w
	}
	return []string{
		"Paramserv total execution time:\t" + sec(s.Total),
		fmt.Sprintf("Paramserv total num workers:\t%d.", s.Workers),
		"Paramserv setup time:\t\t" + sec(s.Setup),
		"Paramserv grad compute time:\t" + sec(s.Gradient),
		fmt.Sprintf("Paramserv model update time:\t%.3f/%.3f secs.", s.LocalUpdate.Seconds(), s.ServerUpdate.Seconds()),
		"Paramserv model wait time:\t" + sec(wait),
		"Paramserv push queue time:\t" + sec(s.Queue),
		"Paramserv batch slice time:\t" + sec(s.Slice),
		"Paramserv validation time:\t" + sec(s.Validation),
		fmt.Sprintf("Paramserv pushes/updates:\t%d/%d.", s.Pushes, s.Updates),
		fmt.Sprintf("Paramserv bytes pushed/pulled:\t%d/%d.", s.BytesPushed, s.BytesPulled),
		fmt.Sprintf("Paramserv staleness mean/max:\t%.2f/%d.", s.MeanStaleness(), s.MaxStaleness()),
		fmt.Sprintf("Paramserv rows per second:\t%.0f.", s.RowsPerSecond()),
	}
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
		if err != nil || !(v > 0 && v <= 1) {
			d.bad("alpha must lie between 0 (exclusive) and 1, not %v", v)
		}
		c.Alpha = v
	}
	if a.Has(psVal) {
		c.ValX, c.ValY = d.matrix(psValFeatures), d.matrix(psValLabels)
	}
	if a.Has(psSeed) {
		c.Seed, _ = d.integer(psSeed)
	} else {
		c.Seed = a.M.NextSeed()
	}
	for p, only := range map[int]string{psMode: "LOCAL", psCheckpointing: "NONE", psBalancing: "NONE"} {
		if w := d.text(p, only); w != only {
			d.bad("unknown %s %q: it is %s", psName(p), w, only)
		}
	}
	if d.truth(psHE) {
		d.bad("he=TRUE is not offered: there is no homomorphic encryption")
	}
	return c
}

func (d *psDecoder) text(p int, def string) string {
	s, err := d.a.Str(p, def)
	if err != nil {
		d.errs = append(d.errs, err)
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
	if d.a.Has(psAlpha) && d.a.Has(psModelAvg) && !(c.ModelAvg && c.UType == "ASP") {
		d.a.M.Warn(`paramserv: alpha has no effect without modelAvg=TRUE and utype="ASP"`)
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
	seed           int64
}

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
		seed := paramserv.FunctionSeed(w.prog.seed, w.id)
		w.m, w.release = w.prog.m.ForkContext(context.WithValue(ctx, insidePS{}, true), par.New(w.threads), seed)
		w.m.Reseed(seed)
	}
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
