package builtins

import (
	"fmt"
	"strings"

	"gdml/lang/diag"
	"gdml/lang/types"
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
	for _, p := range []int{psEpochs, psBatchSize, psK, psNBatches} {
		ps = append(ps, psCount(c, p)...)
	}
	for _, p := range []int{psSeed, psBackup} {
		ps = append(ps, psInteger(c, p)...)
	}
	for _, p := range []int{psModelAvg, psWeighting, psHE} {
		ps = append(ps, psBoolean(c, p)...)
	}
	ps = append(ps, within("paramserv", "alpha", psAlpha, 0, 1)(c)...)
	for _, r := range []*psRole{&psGradient, &psStep, &psScore} {
		ps = append(ps, psFunction(c, r)...)
	}
	return append(ps, psCombination(c)...)
}

// psInteger wants an integer: a double is no count, even a whole one.
func psInteger(c types.Call, p int) []types.Problem {
	t := c.TypeOf(p)
	if t.Data == types.Scalar && (t.Elem == types.Double || t.Elem == types.Bool) {
		return problem(p, "use as.integer(...)", "paramserv: %s must be an integer, not a %s", psName(p), t)
	}
	return nil
}

func psCount(c types.Call, p int) []types.Problem {
	if ps := psInteger(c, p); ps != nil {
		return ps
	}
	if v, ok := c.Literal(p); ok {
		if n, isInt := v.(int64); isInt && n < 1 {
			return problem(p, "", "paramserv: %s must be at least 1, not %d", psName(p), n)
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
	if c.Has(psBackup) {
		warn(psBackup, `num_backup_workers has no effect: it belongs to utype="SBP", which is not offered`)
	}
	if avg, ok := c.Literal(psModelAvg); c.Has(psAlpha) && (ok && avg == false || !c.Has(psModelAvg)) {
		warn(psAlpha, "alpha has no effect without modelAvg=TRUE")
	}
	return ps
}

// psName is the name of a parameter.
func psName(p int) string { return psParams()[p].Name }
