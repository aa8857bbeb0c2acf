package tests

import (
	"fmt"
	"testing"

	"gdml/lang/diag"
)

// Forms that scripts written for the reference use now and then.
var details = []output{
	// language reference §8.3: targets of a multi-assignment may be indexed here
	{`f = function(matrix[double] X) return (matrix[double] A, double s) { A = X + 1; s = sum(X) }
M = matrix(0, 2, 3); L = list(a=1, b=2); [M[1,], L["b"]] = f(matrix(1, 1, 3)); i = 2; [M[i,2:3], x] = f(matrix(5, 1, 2))
print(toString(M, decimal=0) + x); print(as.scalar(L["b"]))`, "2 2 2\n0 6 6\n10.0\n3.0", ""},
	{`f = function(matrix[double] X) return (matrix[double] A, matrix[double] B) { A = X + 1; B = X }
A = matrix(0, 9, 1); parfor(i in 1:9) { [A[i,1], c] = f(A[i,1]) } print(sum(A))`, "9.0", ""},

	// §7.4: entries of a named list assigned to a named list bring their names
	{`L = list(a=0, b=1, c=2); L[1] = list(f=7); L["f"] = 8; L[2:3] = list(g=3, h=4); print(as.scalar(L["h"]) + " " + as.scalar(L["f"]))`, "4 8", ""},
	{`L = list(a=0, b=1); L[1:2] = list(5, 6); print(as.scalar(L["b"])); K = list(1, 2); K[1] = list(z=9); print(K)`, "6\nList containing:\n[9, 2]", ""},

	// §6.2: a choice between an int and a double is a double
	{`n = as.integer(sum(matrix(1, 2, 1))); x = ifelse(n > 1, n, 0.5); print(x); print(ifelse(n > 1, n, 5)); y = ifelse(TRUE, 1, 2.5); print(y)
print(ifelse(n > 5, 1.5, "b") + ifelse(n > 1, n, "b"))`, "2.0\n2\n1.0\nb2", ""},

	// §14.3: min and max go by the values, not by the static type
	{`n = as.integer(sum(matrix(1, 2, 1))); x = 1; if(n > 3) { x = 0.5 } m = max(x, 1); print(m); print(min(x, 7)); print(m + 1); print(max(x, 0.5)); print(x * 1)`, "1\n1\n2.0\n1.0\n1.0", ""},

	// §13.3: the lone 5 that is cut
	{`print(toString(matrix("0.0005 0.0015 0.00051", 1, 3)) + toString(matrix(0.00005, 1, 1), decimal=4))`, "0.000 0.002 0.001\n0.0000\n", ""},

	// §14.2: what is wrong in code that no execution reaches is no error
	{`if(FALSE) { X = rand(rows=2, cols=2, sparsity=3) } print("ok")`, "ok", ""},
	{`debug = 0; if(debug == 1 & TRUE) { X = rand(rows=2, cols=2, pdf="nope") } else { print("ok") }`, "ok", ""},
	{`if(!($v < 3)) { print("ok") } else { for(i in seq(1, 3, 0)) { print(i) } }`, "ok", "v=5"},
	{`while(FALSE) { X = read("nofile", format="nope") } print("ok")`, "ok", ""},
	{`f = function(list[unknown] model, list[unknown] hyperparams, matrix[double] features, matrix[double] labels) return (list[unknown] g) { g = model }
u = function(list[unknown] model, list[unknown] hyperparams, list[unknown] gradients) return (list[unknown] m) { m = model }
X = matrix(1, 2, 2); if(1 > 2) { m = paramserv(model=list(X), features=X, labels=X, upd="f", agg="u", epochs=0, k=1, hyperparams=list(a=1)) } print("ok")`, "ok", ""},

	// numbers given as text, words in capitals
	{`A = seq(1, 4); G = matrix("1 1 2 2", 4, 1); print(toString(t(aggregate(target=A, groups=G, fn="centralmoment", order="2")), decimal=2))`, "0.25 0.25\n", ""},
	{`print(sum(Rand(rows=3, cols=3, seed=7, pdf="CB_UNIFORM")) == sum(rand(rows=3, cols=3, seed=7, pdf="cb_uniform")))`, "TRUE", ""},

	{`X = matrix(seq(1, 4), 2, 2); print(toString(ppred(2, X, "<"), decimal=0)); print(sum(ppred(X, 3, ">=")))`, "0 0\n1 1\n\n2.0", ""},
	{`X = matrix(seq(1, 9), 1, 9); W = matrix(1, 1, 4); print(toString(conv2d(X, W, input_shape=[1,1,3,3], filter_shape=[1,1,2,2], bias=matrix(9, 1, 1)), decimal=0))`, "12 16 24 28\n", ""},
	{`s = "a"; s = cbind(s, "b" + 1); s = append(s, "c"); print(s)`, "a\nb1\nc", ""},

	// columns of a frame grow when numbers do not fit, also in a parfor
	{`F = as.frame(matrix(0, 5, 1)); parfor(i in 1:4) { F[i,1] = as.frame(as.matrix(F[i,1]) + i) } print(F)`,
		"# FRAME: nrow = 5, ncol = 1\n# C1\n# INT32\n1\n2\n3\n4\n0\n", ""},
	{`F = as.frame(matrix("4 1 5 0 6 1", 3, 2)); F[2,1] = as.frame(2.5); print(F)`,
		"# FRAME: nrow = 3, ncol = 2\n# C1 C2\n# FP64 BOOLEAN\n4.000 TRUE\n2.500 FALSE\n6.000 TRUE\n", ""},

	// §8.6: a bound that is not finite, no iterations
	{`parfor(i in seq(NaN, 1)) print(i)
parfor(i in seq(1, 0/0)) print(i)
for(i in seq(NaN, 1)) print(i)
print("ok")`, "ok", ""},

	{`print(sum(tensor(2, "2 3 2"))); print(sum(tensor(TRUE, "2 3")))`, "24.0\n6.0", ""},

	// where a value comes from is text that nothing depends on
	{`X = matrix(1, 2, 2); s = lineage(X); print(s); print(lineage(nrow(X)))`, "matrix[double]: operations not recorded\nint: operations not recorded", ""},

	// the binomial distribution
	{`print(round(1e6 * pbinomial(target=7, trials=20, p=0.25))); print(qbinomial(target=0.3, trials=20, p=0.25))
print(pbinomial(target=7, trials=20, p=0.25, lower.tail=FALSE) == cdf(target=7, trials=20, p=0.25, dist="binomial", lower.tail=FALSE))
print(icdf(target=1, trials=20, p=0.25, dist="binomial")); print(pbinomial(target=-1, trials=20, p=0.25)); print(pbinomial(target=20, trials=20, p=1))`,
		"898188.0\n4.0\nTRUE\n20.0\n0.0\n1.0", ""},
}

func TestDetails(t *testing.T) {
	for i, o := range details {
		t.Run(fmt.Sprintf("row%d", i+1), o.test)
	}
}

// Their mistakes.
var detailFailures = []failure{
	{`f = function(matrix[double] X) return (matrix[double] A, matrix[double] B) { A = X; B = X }
A = matrix(0, 9, 1); parfor(i in 2:9) { [A[i-1,1], A[i,1]] = f(A[i,1]) }`, refused, diag.LoopDependency},
	{`f = function(matrix[double] X) return (matrix[double] A, matrix[double] B) { A = X; B = X } [Z[1,1], b] = f(matrix(1, 1, 1))`, refused, diag.UndefinedVariable},
	{`f = function(matrix[double] X) return (matrix[double] A, matrix[double] B) { A = X; B = X } M = matrix(0, 2, 2); [M[1,], b] = f(matrix(1, 2, 2)); print(sum(M))`, either, diag.ShapeMismatch},
	{`L = list(a=0, b=1); L[1] = list(f=7); print(as.scalar(L["a"]))`, fails, diag.BadIndex},
	{`if("abc") { print(1) }`, refused, diag.TypeMismatch},
	{`X = matrix(1, 2, 2); if(sum(X) > 9) { Y = rand(rows=2, cols=2, sparsity=3) }`, refused, diag.BadValue},
	{`if(FALSE) { print(undefd) }`, refused, diag.UndefinedVariable},
	{`A = seq(1, 4); print(sum(aggregate(target=A, groups=A, fn="centralmoment", order="x")))`, fails, diag.RunTime},
	{`print(ppred(3, 4, "<"))`, refused, diag.BadValue},
	{`F = as.frame(matrix("4 5 6", 3, 1)); F[2,1] = as.frame("x"); print(F)`, fails, diag.RunTime},
	{`print(pbinomial(target=1, trials=20, p=1.5))`, fails, diag.RunTime},
	{`print(qbinomial(target=1, trials=0, p=0.5))`, fails, diag.RunTime},
}

func TestDetailFailures(t *testing.T) {
	for _, f := range detailFailures {
		f.test(t)
	}
	for _, text := range []string{"abc", "true"} {
		if c := conclude(t, `if($v) { print(1) }`, levels[0], "v="+text); c.verdict != refused || c.code != diag.TypeMismatch {
			t.Errorf("v=%s: %v (%v %s), want refused", text, c.verdict, c.code, c.msg)
		}
	}
}
