package tests

import (
	"slices"
	"strings"
	"testing"

	"gdml/builtins"
	"gdml/lang/diag"
)

// contract has a correct call with one change, and what is said about it.
var contract = []struct{ change, want string }{
	{"-model", "needs the argument model"},
	{"-features", "needs the argument features"},
	{"-labels", "needs the argument labels"},
	{"-upd", "needs the argument upd"},
	{"-agg", "needs the argument agg"},
	{"-epochs", "needs the argument epochs"},
	{"model=X", "argument model of paramserv must be a list, not a matrix"},
	{"features=M", "argument features of paramserv must be a matrix, not a list"},
	{"labels=3", "argument labels of paramserv must be a matrix"},
	{"val_features=1", "argument val_features of paramserv must be a matrix"},
	{"val_labels=M", "argument val_labels of paramserv must be a matrix"},
	{"upd=X", "argument upd of paramserv must be"},
	{`upd="gard"`, "upd names the unknown function gard"},
	{`agg="stop"`, "agg names the unknown function stop"},
	{`val="scores"`, "val names the unknown function scores"},
	{`epochs="ten"`, "argument epochs of paramserv must be"},
	{"epochs=10.0", "epochs must be an integer, not a double"},
	{"epochs=0", "epochs must be at least 1, not 0"},
	{"epochs=-3", "epochs must be at least 1, not -3"},
	{"batchsize=0", "batchsize must be at least 1, not 0"},
	{"batchsize=2.5", "batchsize must be an integer"},
	{"k=0", "k must be at least 1, not 0"},
	{"k=TRUE", "k must be an integer, not a boolean"},
	{"nbatches=0", "nbatches must be at least 1, not 0"},
	{"seed=1.5", "seed must be an integer"},
	{`mode="REMOTE_SPARK"`, `unknown mode "REMOTE_SPARK"`},
	{`utype="BPS"`, `unknown utype "BPS"`},
	{`utype="NSP"`, `unknown utype "NSP"`},
	{`utype="bsp"`, `unknown utype "bsp"`},
	{`freq="BATCHES"`, `unknown freq "BATCHES"`},
	{`scheme="RANDOM"`, `unknown scheme "RANDOM"`},
	{`mode="REMOTE"`, `unknown mode "REMOTE": it is LOCAL`},
	{`checkpointing="EPOCH2"`, `unknown checkpointing "EPOCH2"`},
	{`checkpointing="EPOCH"`, "checkpointing needs checkpoint_dir"},
	{"resume=TRUE", "resume=TRUE needs checkpointing"},
	{"staleness=-1", "staleness must be at least 0, not -1"},
	{"staleness=1.5", "staleness must be an integer"},
	{"servers=0", "servers must be at least 1, not 0"},
	{"retries=-1", "retries must be at least 0, not -1"},
	{"localsteps=0", "localsteps must be at least 1, not 0"},
	{"localsteps=2", "localsteps sets freq"},
	{`imbalance="WRAP"`, `unknown imbalance "WRAP"`},
	{`compress="ZIP"`, `unknown compress "ZIP": it is one of NONE, TOPK:<fraction>, Q8`},
	{`compress="TOPK:2"`, "the fraction must be above 0 and at most 1"},
	{"reshuffle=TRUE", `reshuffle=TRUE needs scheme="OVERLAP_RESHUFFLE"`},
	{"prefetch=2", "prefetch must be TRUE or FALSE"},
	{"scheme_compat=5", "scheme_compat must be TRUE or FALSE"},
	{`num_backup_workers="all"`, `num_backup_workers must be an integer or "auto", not "all"`},
	{"num_backup_workers=-1", "num_backup_workers must be at least 0, not -1"},
	{`utype="SBP", num_backup_workers=2`, "num_backup_workers must be less than the number of workers: 2 of 2"},
	{`utype="HOGWILD", modelAvg=TRUE`, `utype="HOGWILD" does not go with modelAvg`},
	{`utype="EASGD", compress="Q8"`, "compress is for gradients"},
	{`utype="EASGD", alpha=0.75`, `utype="EASGD" is unstable with alpha=0.75 and 2 workers`},
	{`runtime_balancing="BASELINE"`, `unknown runtime_balancing "BASELINE"`},
	{"he=TRUE", "he=TRUE is not offered"},
	{`modelAvg="maybe"`, "modelAvg must be TRUE or FALSE"},
	{"modelAvg=2", "modelAvg must be TRUE or FALSE"},
	{`weighting="x"`, "weighting must be TRUE or FALSE"},
	{"alpha=1.5", "alpha must lie between 0 and 1"},
	{"hyperparams=3", "argument hyperparams of paramserv must be a list"},
	{"agg=X", "argument agg of paramserv must be"},
	{"val=3", "val must be a string, not a int"},
	{"upd=3.5", "upd must be a string, not a double"},
	{"agg=TRUE", "agg must be a string, not a boolean"},
	{"mode=3", "mode must be a string"},
	{"utype=X", "argument utype of paramserv must be"},
	{"freq=TRUE", "freq of paramserv must be a word"},
	{"scheme=1", "scheme of paramserv must be a word"},
	{"nbatches=1.5", "nbatches must be an integer"},
	{`alpha="half"`, "argument alpha of paramserv must be"},
	{`seed="one"`, "argument seed of paramserv must be"},
	{"checkpointing=10", "checkpointing of paramserv must be a word"},
	{"checkpoint_dir=3", "checkpoint_dir must be a string"},
	{"resume=3", "resume must be TRUE or FALSE"},
	{"num_backup_workers=0.5", "num_backup_workers must be an integer"},
	{`staleness="one"`, "argument staleness of paramserv must be"},
	{"servers=TRUE", "servers must be an integer, not a boolean"},
	{"imbalance=3", "imbalance of paramserv must be a word"},
	{"compress=3", "compress must be a string"},
	{"localsteps=1.5", "localsteps must be an integer"},
	{"retries=0.5", "retries must be an integer"},
	{"reshuffle=5", "reshuffle must be TRUE or FALSE"},
	{"runtime_balancing=1", "runtime_balancing of paramserv must be a word"},
	{"he=5", "he must be TRUE or FALSE"},
	{"val_features=X", "val_features and val_labels are needed together"},
	{"Epochs=3", "paramserv has no parameter Epochs"},
	{"M", "after a named argument of paramserv all others need a name"},
}

// Every parameter: absent, of the wrong type, an unknown word, out of range. All is said before anything runs.
func TestParamservContract(t *testing.T) {
	for _, c := range contract {
		o := script(t, meanFunctions+"print(\"started\")\nP = "+psCall(c.change)+"\nprint(sum(as.matrix(P[1])))", 1)
		if !hasError(o.diags, c.want) {
			t.Errorf("%s: diagnostics %v, error %v; want %q", c.change, messages(o.diags), o.err, c.want)
		}
		if o.out != "" {
			t.Errorf("%s: something ran: %q", c.change, o.out)
		}
	}
}

// No parameter is left out above.
func TestParamservContractIsComplete(t *testing.T) {
	f, ok := builtins.New().Lookup("paramserv")
	if !ok {
		t.Fatal("no paramserv")
	}
	for _, p := range f.Params {
		if !slices.ContainsFunc(contract, func(c struct{ change, want string }) bool { return strings.Contains(c.change, p.Name+"=") }) {
			t.Errorf("nothing is said about wrong values of %s", p.Name)
		}
		if !p.Optional && !slices.ContainsFunc(contract, func(c struct{ change, want string }) bool { return c.change == "-"+p.Name }) {
			t.Errorf("nothing is said about a missing %s", p.Name)
		}
	}
}

func hasError(ds []diag.Diagnostic, want string) bool {
	for _, d := range ds {
		if d.Severity == diag.Error && strings.Contains(d.Msg, want) && d.Span.IsValid() {
			return true
		}
	}
	return false
}

func messages(ds []diag.Diagnostic) []string {
	var ms []string
	for _, d := range ds {
		ms = append(ms, d.Severity.String()+": "+d.Msg)
	}
	return ms
}

func TestParamservArgumentsNeedNames(t *testing.T) {
	o := script(t, meanFunctions+"P = "+strings.Replace(psCall(), "model=M", "M", 1)+"\nprint(sum(as.matrix(P[1])))", 1)
	if !hasError(o.diags, "the arguments of paramserv need names") {
		t.Errorf("diagnostics %v", messages(o.diags))
	}
}

// All mistakes of one call are reported in one run, with a hint where one is near.
func TestParamservReportsAllMistakes(t *testing.T) {
	o := script(t, meanFunctions+"P = "+psCall(`utype="BPS"`, `freq="BATHC"`, "epochs=0", `upd="gard"`, "k=-1")+"\nprint(length(P))", 1)
	for _, want := range []string{`unknown utype "BPS"`, `unknown freq "BATHC"`, "epochs must be at least 1", "unknown function gard", "k must be at least 1"} {
		if !hasError(o.diags, want) {
			t.Errorf("no %q in %v", want, messages(o.diags))
		}
	}
	hints := ""
	for _, d := range o.diags {
		hints += d.Hint + "\n"
	}
	for _, want := range []string{`did you mean "BSP"?`, `did you mean "BATCH"?`, "did you mean grad?"} {
		if !strings.Contains(hints, want) {
			t.Errorf("no hint %q in\n%s", want, hints)
		}
	}
}

// Signatures of the three functions, at compile time and, for names that only the run knows, before the first worker.
func TestParamservSignatures(t *testing.T) {
	cases := []struct{ function, role, want string }{
		{"f = function(list[unknown] model, matrix[double] feature) return (list[unknown] g) { g = model }", "upd",
			"f declares the input feature, which is not passed to it; it gets model, hyperparams, features, labels, psinfo"},
		{"f = function(matrix[double] model) return (list[unknown] g) { g = list(model) }", "upd", "f declares model as matrix[double], but it is a list"},
		{"f = function(list[unknown] model, list[unknown] hyperparams) return (list[unknown] g) { g = model }", "upd", "f declares hyperparams, but the call passes none"},
		{"f = function(list[unknown] model) return (matrix[double] g) { g = as.matrix(model[1]) }", "upd", "f must return exactly one list"},
		{"f = function(list[unknown] model) return (list[unknown] g, double h) { g = model; h = 1.0 }", "agg", "f must return exactly one list"},
		{"f = function(list[unknown] model, list[unknown] gradient) return (list[unknown] g) { g = model }", "agg", "f declares the input gradient"},
		{"f = function(list[unknown] model, matrix[double] features) return (double l, double a) { l = 1.0; a = 1.0 }", "val", "f declares the input features"},
		{"f = function(list[unknown] model) return (double l) { l = 1.0 }", "val", "f must return two numbers"},
		{"f = function(list[unknown] model) return (string l, double a) { l = \"x\"; a = 1.0 }", "val", "f must return two numbers"},
	}
	for _, c := range cases {
		extra := []string{}
		if c.role == "val" {
			extra = []string{"val_features=X", "val_labels=Y"}
		}
		fixed := psCall(append(extra, c.role+`="f"`)...)
		o := script(t, c.function+meanFunctions+"P = "+fixed+"\nprint(length(P))", 1)
		if !hasError(o.diags, c.want) {
			t.Errorf("%s\ndiagnostics %v; want %q", c.function, messages(o.diags), c.want)
		}
		late := "l = list(\"f\")\nname = as.scalar(l[1])\n"
		o = script(t, c.function+meanFunctions+late+"P = "+psCall(append(extra, c.role+"=name")...)+"\nprint(length(P))", 1)
		if o.err == nil || !strings.Contains(o.err.Error(), c.want) {
			t.Errorf("%s\nlate: error %v, diagnostics %v; want %q", c.function, o.err, messages(o.diags), c.want)
		}
	}
}

// What only the run knows is checked before the first worker starts.
func TestParamservRunTimeChecks(t *testing.T) {
	cases := []struct{ setup, change, want string }{
		{`l = list("NSP")`, "utype=as.scalar(l[1])", `unknown utype "NSP": it is one of BSP, ASP, SBP, SSP, EASGD, HOGWILD`},
		{`l = list("SBP")`, "utype=as.scalar(l[1]), num_backup_workers=5", "num_backup_workers must be less than the number of workers: 5 of 2"},
		{"l = list(3)", "checkpointing=\"EPOCH\", checkpoint_dir=as.scalar(l[1])", "checkpoint_dir must be a string, not a int"},
		{`l = list("Q9")`, "compress=as.scalar(l[1])", `unknown compress "Q9"`},
		{"l = list(0)", "servers=as.scalar(l[1])", "servers must be at least 1, not 0"},
		{`l = list("HOGWILD")`, "utype=as.scalar(l[1])", "entry \"n\" of the model is state of the optimizer, which a model without locks cannot keep"},
		{"l = list(0)", "epochs=as.scalar(l[1])", "epochs must be at least 1, not 0"},
		{"l = list(2.5)", "batchsize=as.scalar(l[1])", "batchsize must be an integer, not a double"},
		{"l = list(0)", "k=as.scalar(l[1])", "k must be at least 1, not 0"},
		{`l = list("FED")`, "mode=as.scalar(l[1])", `unknown mode "FED": it is LOCAL`},
		{`l = list("EPOCH")`, "checkpointing=as.scalar(l[1])", "checkpointing needs checkpoint_dir"},
		{`l = list("nope")`, "upd=as.scalar(l[1])", "upd names the unknown function nope"},
		{"Z = removeEmpty(target=X, margin=\"rows\", select=X[,1] > 0.5)", "features=Z", "but labels has 24"},
		{"M = list(m = matrix(0, 1, 3), n = list(1, 2))", "model=M", `entry "n" of the model is a list`},
	}
	for _, c := range cases {
		o := script(t, meanFunctions+c.setup+"\nP = "+psCall(c.change)+"\nprint(length(P))", 1)
		if o.err == nil || !strings.Contains(o.err.Error(), c.want) {
			t.Errorf("%s: error %v, diagnostics %v; want %q", c.change, o.err, messages(o.diags), c.want)
		}
	}
}

// Arguments without effect are warned of.
func TestParamservWarnings(t *testing.T) {
	cases := []struct{ change, want string }{
		{`val="score"`, "val has no effect without val_features and val_labels"},
		{"nbatches=3", `nbatches has no effect without freq="NBATCHES"`},
		{"num_backup_workers=1", "num_backup_workers has no effect"},
		{"alpha=0.5", "alpha has no effect without modelAvg=TRUE"},
		{"k=30", "30 workers for 24 rows, using 24 workers"},
	}
	for _, c := range cases {
		o := script(t, meanFunctions+"P = "+psCall(c.change)+"\nprint(as.scalar(P[\"n\"]) > 0)", 1)
		must(t, o)
		all := strings.Join(append(messages(o.diags), o.warn...), "\n")
		if !strings.Contains(all, c.want) {
			t.Errorf("%s: %q; want %q", c.change, all, c.want)
		}
	}
}
