package builtins_test

import (
	"strings"
	"testing"
)

// TestTensorErrors: what is found in the run only, at every level.
func TestTensorErrors(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{`print(tensor("1 2 3", "2 2"))`, "the string holds 3 numbers, but dims needs 4"},
		{`print(tensor(matrix(1, 2, 2), "3 2"))`, "the matrix has 4 cells, but dims needs 6"},
		{`print(tensor(1, "2 x"))`, `whole numbers, not "x"`},
		{`print(tensor(1, "2 1.5"))`, `whole numbers, not "1.5"`},
		{`print(tensor(1, list(2, 0.5)))`, "whole numbers, not 0.5"},
		{`print(tensor(1, matrix("2 NaN", 1, 2)))`, "whole numbers, not NaN"},
		{`print(tensor(1, matrix(2, 2, 2)))`, "dims must be a vector, not a 2x2 matrix"},
		{`print(tensor(1, "0 2"))`, "must be at least 1, not 0"},
		{`print(tensor(1, ""))`, "at least one dimension"},
		{`print(tensor(1, "100000 1000000"))`, "too large"},
		{`print(rand(dims="2 -1"))`, "must be at least 1, not -1"},
		{`x = as.scalar(list(tensor(1, "2 2"))); print(x ^ 2)`, "operator ^ is not defined on tensors"},
		{`x = as.scalar(list(tensor(1, "2 2"))); print(x + matrix(1, 2, 2))`, "cannot combine a 2x2 tensor of int and a 2x2 matrix"},
		{`x = as.scalar(list(tensor(1, "2 2"))); print("a" + x)`, "cannot combine a string and a 2x2 tensor of int"},
		{`x = as.scalar(list(tensor(1, "2 2"))); print(x[1, 1])`, "a 2x2 tensor of int cannot be indexed"},
		{`x = as.scalar(list(tensor(1, "2 2"))); print(mean(x))`, "needs a matrix, not a 2x2 tensor of int"},
		{`x = as.scalar(list(tensor(1, "2 2"))); print(ncol(x))`, "needs a matrix, frame or list, not a 2x2 tensor of int"},
		{`x = as.scalar(list(tensor(1, "2 2"))); write(x, "x")`, "no format can hold a 2x2 tensor of int"},
		{`x = tensor(9223372036854775807, "1 1"); print(x + 1)`, "integer overflow"},
		{`x = tensor(1, "2 2"); parfor (i in 1:2) { x += i } print(x)`, "a parfor body cannot change x, which is a 2x2 tensor of int"},
		{`f = function(tensor[unknown] x) return (double s) { s = sum(x) } print(f(as.scalar(list(matrix(1, 2, 2)))))`, "a tensor is wanted here, not a 2x2 matrix"},
	} {
		for _, level := range levels {
			if out, err := run(c.script, level); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("-O%d %s: %q, %v; want an error with %q", level, c.script, out, err, c.want)
			}
		}
	}
}
