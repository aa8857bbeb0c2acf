package builtins

import (
	"fmt"
	"slices"
	"strings"

	"gdml/lang/diag"
	"gdml/lang/types"
	"gdml/paramserv"
)

// psRole is what a function does for paramserv: the inputs it may declare and what it returns.
type psRole struct {
	param   int // which argument names it
	inputs  []types.FuncParam
	results func(rs []types.FuncParam) string // what is wrong with the results, or ""
}

var (
	psModelIn  = types.FuncParam{Name: "model", Type: types.ListT}
	psHyperIn  = types.FuncParam{Name: "hyperparams", Type: types.ListT}
	psInfoIn   = types.FuncParam{Name: "psinfo", Type: types.ListT}
	psGradient = psRole{psUpd, []types.FuncParam{psModelIn, psHyperIn,
		{Name: "features", Type: types.Mat}, {Name: "labels", Type: types.Mat}, psInfoIn}, oneList}
	psStep = psRole{psAgg, []types.FuncParam{psModelIn, psHyperIn,
		{Name: "gradients", Type: types.ListT}, psInfoIn}, oneList}
	psScore = psRole{psVal, []types.FuncParam{psModelIn, psHyperIn,
		{Name: "val_features", Type: types.Mat}, {Name: "val_labels", Type: types.Mat}, psInfoIn}, lossAndAccuracy}
)

func oneList(rs []types.FuncParam) string {
	if len(rs) != 1 || !types.ListT.Accepts(rs[0].Type) {
		return "must return exactly one list"
	}
	return ""
}

func lossAndAccuracy(rs []types.FuncParam) string {
	if len(rs) != 2 || !types.Dbl.Accepts(rs[0].Type) || !types.Dbl.Accepts(rs[1].Type) ||
		rs[0].Type == types.Str || rs[1].Type == types.Str {
		return "must return two numbers, loss and accuracy"
	}
	return ""
}

// faults compares the signature of a function with its role. hyper tells whether the call passes hyperparams.
func (r *psRole) faults(f types.FuncSig, hyper bool) []string {
	var out []string
	say := func(format string, args ...any) { out = append(out, f.Name+" "+fmt.Sprintf(format, args...)) }
	for i, p := range f.Params {
		in := r.input(p.Name)
		switch {
		case in == nil && !f.HasDefault[i]:
			say("declares the input %s, which is not passed to it; it gets %s", p.Name, r.names())
		case in != nil && !in.Type.Accepts(p.Type):
			say("declares %s as %s, but it is a %s", p.Name, p.Type, in.Type.Data)
		case p.Name == psHyperIn.Name && !hyper && !f.HasDefault[i]:
			say("declares hyperparams, but the call passes none")
		}
	}
	if msg := r.results(f.Results); msg != "" {
		say("%s", msg)
	}
	return out
}

func (r *psRole) input(name string) *types.FuncParam {
	for i := range r.inputs {
		if r.inputs[i].Name == name {
			return &r.inputs[i]
		}
	}
	return nil
}

func (r *psRole) names() string {
	ns := make([]string, len(r.inputs))
	for i, in := range r.inputs {
		ns[i] = in.Name
	}
	return strings.Join(ns, ", ")
}

// psCheck is the compile-time check of a call of paramserv: everything that literals and signatures tell.
func psCheck(c types.Call) []types.Problem {
	var ps []types.Problem
	for p, least := range map[int]int64{psEpochs: 1, psBatchSize: 1, psK: 1, psNBatches: 1, psLocalSteps: 1, psServers: 1, psStaleness: 0, psRetries: 0} {
		ps = append(ps, psCount(c, p, least)...)
	}
	ps = append(ps, psInteger(c, psSeed)...)
	for _, p := range []int{psModelAvg, psWeighting, psHE, psResume, psPrefetch, psReshuffle, psSchemeCompat} {
		ps = append(ps, psBoolean(c, p)...)
	}
	ps = append(ps, psStrings(c, psUpd, psAgg, psVal, psMode, psCompress, psCheckpointDir)...)
	ps = append(ps, psBackups(c)...)
	ps = append(ps, psModeWord(c)...)
	if v, ok := c.Literal(psCompress); ok {
		if _, err := paramserv.ParseCompression(fmt.Sprint(v)); err != nil && c.TypeOf(psCompress).Elem == types.String {
			ps = append(ps, problem(psCompress, "", "paramserv: %v", err)...)
		}
	}
	ps = append(ps, within("paramserv", "alpha", psAlpha, 0, 1)(c)...)
	for _, r := range []*psRole{&psGradient, &psStep, &psScore} {
		ps = append(ps, psFunction(c, r)...)
	}
	ps = append(ps, psLocalStepsAlone(c)...)
	if len(ps) == 0 {
		ps = psOptions(c)
	}
	slices.SortStableFunc(ps, func(a, b types.Problem) int { return a.Arg - b.Arg })
	return append(ps, psCombination(c)...)
}

// psStrings wants strings: a number would be taken for its text.
func psStrings(c types.Call, params ...int) (ps []types.Problem) {
	for _, p := range params {
		t := c.TypeOf(p)
		if t.Data == types.Scalar && (t.Elem == types.Int || t.Elem == types.Double || t.Elem == types.Bool) {
			ps = append(ps, problem(p, "", "paramserv: %s must be a string, not a %s", psName(p), t)...)
		}
	}
	return ps
}

// psBackups checks num_backup_workers, an integer or "auto".
func psBackups(c types.Call) []types.Problem {
	v, ok := c.Literal(psBackup)
	if s, isText := v.(string); ok && isText {
		if s != psAuto {
			return problem(psBackup, "", "paramserv: num_backup_workers must be an integer or \"auto\", not %q", s)
		}
		return nil
	}
	return psCount(c, psBackup, 0)
}

// psAuto leaves the number of backup workers to the server.
const psAuto = "auto"

func psModeWord(c types.Call) []types.Problem {
	if v, ok := c.Literal(psMode); ok && c.TypeOf(psMode).Elem == types.String {
		if msg := psBadMode(fmt.Sprint(v)); msg != "" {
			return problem(psMode, "", "paramserv: %s", msg)
		}
	}
	return nil
}

// psBadMode says what is wrong with a mode, or "".
func psBadMode(mode string) string {
	switch mode {
	case "LOCAL":
		return ""
	case "REMOTE_SPARK", "REMOTE":
		return fmt.Sprintf("unknown mode %q: it is LOCAL; workers are goroutines of one process, on other machines there are none", mode)
	}
	return fmt.Sprintf("unknown mode %q: it is LOCAL", mode)
}

// psLocalStepsAlone refuses what localsteps stands for beside it.
func psLocalStepsAlone(c types.Call) (ps []types.Problem) {
	for _, p := range []int{psFreq, psNBatches, psModelAvg} {
		if c.Has(psLocalSteps) && c.Has(p) {
			ps = append(ps, problem(p, "leave it out", "paramserv: localsteps sets %s", psName(p))...)
		}
	}
	return ps
}

// psOptions checks how options go together when all of them are constants.
func psOptions(c types.Call) []types.Problem {
	lit := psLiterals{c: c, known: true}
	cfg := paramserv.Config{
		UType: lit.text(psUType, "ASP"), Freq: lit.text(psFreq, "EPOCH"), Scheme: lit.text(psScheme, "DISJOINT_CONTIGUOUS"),
		Workers: lit.count(psK, 0), Staleness: lit.count(psStaleness, 1), Backup: lit.count(psBackup, 1),
		Servers: lit.count(psServers, 1), ModelAvg: lit.truth(psModelAvg) || c.Has(psLocalSteps), Weighting: lit.truth(psWeighting),
		Reshuffle: lit.truth(psReshuffle), Ceiled: lit.truth(psSchemeCompat), Imbalance: lit.text(psImbalance, "SKIP"),
	}
	cfg.AutoBackup = lit.text(psBackup, "") == psAuto
	cfg.Compress, _ = paramserv.ParseCompression(lit.text(psCompress, "NONE"))
	cfg.Checkpoint.Every, _ = paramserv.CheckpointEvery(lit.text(psCheckpointing, "NONE"))
	cfg.Checkpoint.Resume = lit.truth(psResume)
	if c.Has(psCheckpointDir) {
		cfg.Checkpoint.Dir = "given"
	}
	if v, ok := literal(c, psAlpha); ok {
		cfg.Alpha = &v
	}
	var ps []types.Problem
	if lit.known {
		for _, err := range cfg.CheckOptions() {
			ps = append(ps, types.Problem{Arg: -1, Msg: "paramserv: " + err.Error(), Code: uint16(diag.ParamServ)})
		}
	}
	return ps
}

// psLiterals reads constant arguments; known ends when one is not constant.
type psLiterals struct {
	c     types.Call
	known bool
}

func (l *psLiterals) value(p int) any {
	if !l.c.Has(p) {
		return nil
	}
	v, ok := l.c.Literal(p)
	l.known = l.known && ok
	return v
}

func (l *psLiterals) text(p int, def string) string {
	if s, ok := l.value(p).(string); ok {
		return s
	}
	return def
}

func (l *psLiterals) count(p, def int) int {
	if n, ok := l.value(p).(int64); ok {
		return int(n)
	}
	return def
}

func (l *psLiterals) truth(p int) bool {
	on, _ := psTruth(l.value(p))
	return on
}

// psInteger wants an integer: a double is no count, even a whole one.
func psInteger(c types.Call, p int) []types.Problem {
	t := c.TypeOf(p)
	if t.Data == types.Scalar && (t.Elem == types.Double || t.Elem == types.Bool) {
		return problem(p, "use as.integer(...)", "paramserv: %s must be an integer, not a %s", psName(p), t)
	}
	return nil
}

func psCount(c types.Call, p int, least int64) []types.Problem {
	if ps := psInteger(c, p); ps != nil {
		return ps
	}
	if v, ok := c.Literal(p); ok {
		if n, isInt := v.(int64); isInt && n < least {
			return problem(p, "", "paramserv: %s must be at least %d, not %d", psName(p), least, n)
		}
	}
	return nil
}

func psBoolean(c types.Call, p int) []types.Problem {
	v, ok := c.Literal(p)
	if !ok {
		return nil
	}
	on, err := psTruth(v)
	switch {
	case err != nil:
		return problem(p, "write TRUE or FALSE", "paramserv: %s must be TRUE or FALSE", psName(p))
	case on && p == psHE:
		return problem(p, "leave it out", "paramserv: he=TRUE is not offered: there is no homomorphic encryption")
	}
	return nil
}

// psTruth reads a boolean that may be spelled as a string.
func psTruth(v any) (bool, error) {
	switch v := v.(type) {
	case bool:
		return v, nil
	case string:
		switch strings.ToUpper(v) {
		case "TRUE":
			return true, nil
		case "FALSE":
			return false, nil
		}
	}
	return false, fmt.Errorf("%v is neither TRUE nor FALSE", v)
}

// psFunction checks that a function named by a constant exists and fits its role.
func psFunction(c types.Call, r *psRole) []types.Problem {
	v, ok := c.Literal(r.param)
	key, isString := v.(string)
	if !ok || !isString {
		return nil
	}
	f, ok := c.Function(key)
	if !ok {
		p := types.Problem{Arg: r.param, Msg: fmt.Sprintf("paramserv: %s names the unknown function %s", psName(r.param), key), Code: uint16(diag.UndefinedFunction)}
		if near, ok := diag.Nearest(key, c.Functions()); ok {
			p.Hint = "did you mean " + near + "?"
		}
		return []types.Problem{p}
	}
	var ps []types.Problem
	for _, msg := range r.faults(f, c.Has(psHyper)) {
		ps = append(ps, types.Problem{Arg: r.param, Msg: "paramserv: " + psName(r.param) + " function " + msg, Code: uint16(diag.ParamServ)})
	}
	return ps
}

// psCombination finds arguments that do not go together.
func psCombination(c types.Call) []types.Problem {
	var ps []types.Problem
	warn := func(p int, format string, args ...any) {
		ps = append(ps, types.Problem{Arg: p, Msg: "paramserv: " + fmt.Sprintf(format, args...), Warn: true, Code: uint16(diag.ParamServ)})
	}
	if c.Has(psValFeatures) != c.Has(psValLabels) {
		p := psValFeatures
		if !c.Has(p) {
			p = psValLabels
		}
		ps = append(ps, problem(p, "", "paramserv: val_features and val_labels are needed together")...)
	}
	if data := c.Has(psValFeatures) && c.Has(psValLabels); c.Has(psVal) && !data {
		warn(psVal, "val has no effect without val_features and val_labels")
	} else if data && !c.Has(psVal) {
		warn(psValFeatures, "validation data has no effect without val")
	}
	if freq, ok := c.Literal(psFreq); c.Has(psNBatches) && (ok && freq != "NBATCHES" || !c.Has(psFreq)) {
		warn(psNBatches, `nbatches has no effect without freq="NBATCHES"`)
	}
	utype, known := c.Literal(psUType)
	known = known || !c.Has(psUType)
	for p, of := range map[int]string{psBackup: "SBP", psStaleness: "SSP"} {
		if c.Has(p) && known && utype != of {
			warn(p, "%s has no effect without utype=%q", psName(p), of)
		}
	}
	if avg, ok := c.Literal(psModelAvg); c.Has(psAlpha) && known && utype != "EASGD" && !c.Has(psLocalSteps) && (ok && avg == false || !c.Has(psModelAvg)) {
		warn(psAlpha, "alpha has no effect without modelAvg=TRUE")
	}
	if word, ok := c.Literal(psCheckpointing); c.Has(psCheckpointDir) && (ok && word == "NONE" || !c.Has(psCheckpointing)) {
		warn(psCheckpointDir, "checkpoint_dir has no effect without checkpointing")
	}
	return ps
}

// psName is the name of a parameter.
func psName(p int) string { return psParams()[p].Name }
