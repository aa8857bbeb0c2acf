package tests

import (
	"math"
	"testing"

	"gdml/scripts"
)

var variants = []string{"variational", "denoising", "contractive"}

// variant runs the example of the autoencoders that are not plain.
func variant(t *testing.T, threads int, args ...string) string {
	t.Helper()
	text, err := scripts.Read("examples/autoencoder_variants.dml")
	if err != nil {
		t.Fatal(err)
	}
	return must(t, scriptIn(t, "..", "../scripts/examples/autoencoder_variants.dml", text, threads, args...))
}

// The gradients are right for fixed noise.
func TestVariantGradients(t *testing.T) {
	for _, k := range variants {
		for _, more := range []string{"SEED=1", "SEED=2"} {
			out := variant(t, 1, "KIND="+k, "GRADCHECK=TRUE", "CONTRACT=0.3", "BETA=0.7", "HIDE=0.4", more)
			if e := number(t, out, "largest relative error of a gradient ="); !(e < 1e-6) {
				t.Errorf("%s: relative error %g", k, e)
			}
		}
	}
}

// Few rows are learned by heart when nothing but reconstruction counts.
func TestVariantOverfit(t *testing.T) {
	for _, k := range variants {
		out := variant(t, 1, "KIND="+k, "HIDE=0", "CONTRACT=0", "BETA=0", "EPOCHS=2000", "BATCH=8", "HIDDEN=8")
		before, after := number(t, out, "mean loss before ="), number(t, out, "mean loss after =")
		if !(after < 1e-3*before) {
			t.Errorf("%s: loss %g before, %g after", k, before, after)
		}
	}
}

// What an option adds to the loss keeps it from vanishing.
func TestVariantOptions(t *testing.T) {
	for k, more := range map[string]string{"variational": "BETA=1", "denoising": "HIDE=0.5", "contractive": "CONTRACT=1"} {
		args := []string{"KIND=" + k, "HIDE=0", "CONTRACT=0", "BETA=0", "EPOCHS=300", "BATCH=8"}
		without := number(t, variant(t, 1, args...), "mean loss after =")
		with := number(t, variant(t, 1, append(withoutKey(args, more), more)...), "mean loss after =")
		if with < 2*without {
			t.Errorf("%s: loss %g with %s, %g without", k, with, more, without)
		}
	}
}

// One worker of a parameter server makes the steps of the loop, with the same noise.
func TestVariantsOnAServer(t *testing.T) {
	for _, k := range variants {
		args := []string{"KIND=" + k, "X=../scripts/data/digits.csv.gz", "LABEL_COL=65", "EPOCHS=2", "BATCH=100", "HIDDEN=6"}
		loop := number(t, variant(t, 1, args...), "mean loss after =")
		for _, utype := range []string{"BSP", "ASP"} {
			server := number(t, variant(t, 1, append(args, "METHOD=PARAMSERV", "UTYPE="+utype)...), "mean loss after =")
			if math.Abs(server-loop) > 1e-12*loop {
				t.Errorf("%s %s: loss %.17g, in a loop %.17g", k, utype, server, loop)
			}
		}
		two := number(t, variant(t, 2, append(args, "METHOD=PARAMSERV", "WORKERS=2")...), "mean loss after =")
		if math.Abs(two-loop) < 1e-9*loop || two > 3*loop {
			t.Errorf("%s: loss %g with two workers, %g in a loop", k, two, loop)
		}
	}
}
