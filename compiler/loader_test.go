package compiler

import (
	"testing"
)

// TestLibraryTree uses a tree of scripts that lies elsewhere, named by its root, by its
// scripts directory or by the directory of its library functions.
func TestLibraryTree(t *testing.T) {
	dir := tree(t, map[string]string{
		"far/scripts/builtin/triple.dml":   "source(\"scripts/nn/layers/affine.dml\") as affine\nm_triple = function(double x) return (double y) { y = 3 * affine::forward(x) }\n",
		"far/scripts/nn/layers/affine.dml": "source(\"nn/util.dml\") as util\nforward = function(double x) return (double y) { y = util::one() + x }\n",
		"far/scripts/nn/util.dml":          "one = function() return (double y) { y = 1 }\n",
	})
	text := `
source("scripts/nn/layers/affine.dml") as affine
source("nn/layers/affine.dml") as again
print(affine::forward(1) + " " + again::forward(2) + " " + triple(3))`
	for _, lib := range []string{"far/scripts/builtin", "far/scripts"} {
		if got := runScript(t, text, Options{Level: O2, Dir: dir, LibDirs: []string{lib}}, 1); got != "2.0 3.0 12.0\n" {
			t.Errorf("-lib %s: got %q", lib, got)
		}
	}
	text = `source("scripts/nn/layers/affine.dml") as affine
print(affine::forward(1))`
	if got := runScript(t, text, Options{Dir: dir, LibDirs: []string{"far", "far/scripts"}}, 1); got != "2.0\n" {
		t.Errorf("got %q", got)
	}
}
