package tests

import (
	"fmt"
	"testing"

	"gdml/lang/diag"
)

// Source: language reference §16; the number is that of the entry.
var quirks = []struct {
	entry int
	output
}{
	{1, output{`n = 0; for(i in 1:n) print(i)`, "1\n0", ""}},
	{2, output{`X = matrix(seq(1,4), 2, 2); print(toString(X[2])); L = list(5, 6); print(toString(L[2]))`, "3.000 4.000\n\nList containing:\n[6]", ""}},
	{5, output{`X = matrix(1, 2, 5); print(5/2); print(4/2); print(2^2); print(nrow(X)); print(sum(X))`, "2.5\n2.0\n4.0\n2\n10.0", ""}},
	{6, output{`print(-7 %/% 2); print(-7 %% 3)`, "-3\n-1", ""}},
	{7, output{`print(as.integer(-2.7)); print(as.integer("3.9")); print(as.logical("1"))`, "-2\n3\nFALSE", ""}},
	{8, output{`X = matrix("1 -1", 1, 2); Y = (X > 0) * X; print(sum(Y)); print(sum(X == 1)); print(as.integer(3 == 3) + 1)`, "1.0\n1.0\n2", ""}},
	{9, output{`print(TRUE + TRUE)`, "2.0", ""}},
	{10, output{`print("a" + 1 + 2); print(1 + 2 + "a"); print("v=" + -1); print("b=" + TRUE); print("x" + 1e-5); print("x" + (1/3))`, "a12\n3a\nv=-1\nb=TRUE\nx1.0E-5\nx0.3333333333333333", ""}},
	{11, output{`X = matrix(1, 1, 1); print(X); print("A:\n" + toString(X))`, "1.000\n\nA:\n1.000\n", ""}},
	{12, output{`x = 5; print(-x); print(-0); print(-0.0); X = matrix(0, 1, 1); Y = 1 / -X; print(as.scalar(Y))`, "-5\n0\n-0.0\nInfinity", ""}},
	{14, output{`E = matrix(0, 0, 3); print(sum(E)); print(min(E)); print(max(E)); print(mean(E)); print(sd(E)); print(nrow(E) + ncol(E) * 10 + length(E))`, "0.0\nInfinity\n-Infinity\nNaN\nNaN\n30", ""}},
	{17, output{`f = function(matrix[double] A) return (double s) { A[1,1] = 100; s = sum(A) } X = matrix(1, 1, 2); s = f(X); print(sum(X))`, "2.0", ""}},
	{18, output{`f = function(int i, double d, string s, boolean b) return (string r) { r = i + " " + d + " " + s + " " + b; if (i > 0) {} } print(f(2.7, TRUE, 3, 5))`, "2 1.0 3 TRUE", ""}},
	{19, output{`f = function(int n) return (double x) { if (n > 0) { x = n } else { x = 0 } } print(f(3))`, "3", ""}},
	{24, output{`L = list(); L = append(L, 4); L = append(L, "s"); print(length(L))`, "2", ""}},
	{26, output{`for(i in seq(1.5, 3.5, 1)) print(i)`, "1\n2\n3", ""}},
	{27, output{`for(i in 1:3) { if (i == 2) { k = i * 10 } } print(k + " " + i)`, "20 3", ""}},
	{29, output{`print($a + ""); print($b & FALSE); print($c / 2 + " " + $c); print($d); print($e)`, "true\nFALSE\n2.5 5\n5.0\n1000.0", "a=true b=TRUE c=5 d=5.0 e=1e3"}},
	{30, output{`X = matrix(1, 3, 1); while (nrow(X) < 5 & sum(X) > 0) { X = rbind(X, X) } print(nrow(X))`, "6", ""}},
	{31, output{`X = matrix(1, 3, 2); print(nrow(t(X)))`, "2", ""}},
	{32, output{`print(min(3, 5)); print(max(3, 5.0)); print(min(matrix("4 2", 1, 2)))`, "3\n5.0\n2.0", ""}},
	{33, output{`print(round(2.5)); print(round(-2.5)); print(floor(2.7)); print(ceil(2.1))`, "3.0\n-2.0\n2.0\n3.0", ""}},
	{34, output{`print("10" < "9"); print("1" == 1); print("1" == 1.0)`, "TRUE\nTRUE\nFALSE", ""}},
	{35, output{`print(nrow(seq(1, 10, 3))); print(nrow(seq(0, 1, 0.1)))`, "4\n11", ""}},
	{38, output{`a = 1 b = 2; if(a == 1) x=1 else x=2; print(x + b)`, "3", ""}},
	{39, output{"X = matrix(\"1 2\n3 4\", 2, 2); print(sum(X[2,]))", "7.0", ""}},
	{40, output{`f = function(int a) return (int b) { print("in f"); b = a + 1; if (b > 0) {} } x = 2 * f(1) + f(2); print(x)`, "in f\nin f\n7", ""}},
	{41, output{`print(sum(Rand(rows=2, cols=2, min=1, max=1)) + sum(RAND(rows=1, cols=1, min=2, max=2)))`, "6.0", ""}},
	{42, output{`f = function(Matrix[double] A, matrix[Double] B, Integer n) return (Double s) { s = sum(A) + sum(B) + n } print(f(matrix(1,1,1), matrix(2,1,1), 3))`, "6.0", ""}},
	{44, output{`print(as.frame(matrix("4 0 0.5 5 1 0.1", 2, 3)))`, "# FRAME: nrow = 2, ncol = 3\n# C1 C2 C3\n# INT32 BOOLEAN FP32\n4 FALSE 0.5\n5 TRUE 0.1\n", ""}},
	{47, output{`n = 4; s = ""; for(i in 1:n-1) s = s + i; X = matrix(seq(1,8), 8, 1); j = 2; print(s + " " + sum(X[j+1:j*2,]))`, "123 7.0", ""}},
}

func TestQuirks(t *testing.T) {
	for _, q := range quirks {
		t.Run(fmt.Sprint(q.entry), q.test)
	}
}

// Source: language reference §15 and §16.
var mistakes = []failure{
	// 3: a cell is a matrix, also in a predicate
	{`X = matrix(1,1,1); if(X[1,1] > 0) print("x")`, either, diag.TypeMismatch},
	// 4: & evaluates both sides
	{`X = matrix(1,2,1); i = 3; n = as.integer(sum(X)); if(i <= n & as.scalar(X[i,1]) > 0) print("x")`, either, diag.BadIndex},
	{`a = (3 > 2) * 2`, refused, diag.TypeMismatch},
	{`x = -TRUE`, refused, diag.TypeMismatch},
	{`x = -"a"`, refused, diag.TypeMismatch},
	// 15, 16: no empty slices, no filling of blocks
	{`X = matrix(1,3,3); print(sum(X[2:1,]))`, refused, diag.BadIndex},
	{`X = matrix(1,3,3); X[1,] = 5; print(sum(X))`, either, diag.ShapeMismatch},
	// 24: lists grow through append only
	{`L = list(1); L[2] = 3; print(as.scalar(L[1]))`, either, diag.BadIndex},
	{`L = list(a=1); print(as.scalar(L["b"]))`, either, diag.BadIndex},
	// 28, 30, 35, 36, 37
	{`print(ifdef($x, 3))`, refused, diag.Syntax},
	{`X = seq(1,3); for(v in X) print(v)`, refused, diag.Syntax},
	{`for(i in sample(3, 3)) print(i)`, refused, diag.Syntax},
	{`if(1 > 0) { x = 1 };`, refused, diag.Syntax},
	{`Inf = 1`, refused, diag.AssignConstant},
	{`f = function(MATRIX[DOUBLE] X) { y = 1 }`, refused, diag.BadTypeWord},
	// the error catalogue of §15
	{`x = 99999999999999999999`, refused, diag.BadNumber},
	{`$x = 3`, refused, diag.AssignArg},
	{`y = 2; x = ifdef(y, 3)`, refused, diag.BadArguments},
	{`stop("a", "b")`, refused, diag.BadArguments},
	{`if("a") print(1)`, refused, diag.TypeMismatch},
	{`f = function(int a) return (int b) { b = a } x = f()`, refused, diag.BadArguments},
	{`L = list(1) + 2`, refused, diag.TypeMismatch},
	{`X = matrix(1,2,2); B = matrix(1,1,1); print(sum(X[B,]))`, refused, diag.TypeMismatch},
	{`for(i in "a":"b") print(i)`, refused, diag.TypeMismatch},
	{`X = cbind(matrix(1,2,2), matrix(1,3,1)); print(sum(X))`, refused, diag.ShapeMismatch},
	{`X = matrix(1,2,2); X[1,] = matrix(1,1,3); print(sum(X))`, refused, diag.ShapeMismatch},
	{`i = "s"; for(i in 1:2) print(i)`, refused, diag.TypeChange},
	{`f = function(int a) return (int b) { c = a } x = f(1)`, refused, diag.UnassignedResult},
	{`f = function(int a) return (double b) { b = matrix(a, 1, 1) } x = f(1)`, refused, diag.TypeMismatch},
	{`f = function(int a) return (int b) { b = a / 2 } x = f(1)`, refused, diag.TypeMismatch},
	{`A = matrix(0,2,1); parfor(i in 1:2, nope=3) A[i,1] = i`, refused, diag.BadLoopParam},
	{`parfor(i in 1:2) { stop("x") }`, refused, diag.BadLoopBody},
	{`X = read("no/such/file.csv", format="csv"); print(sum(X))`, refused, diag.FileMissing},
	{`X = matrix(1,2,2); if (sum(X) > 9) { y = 1 } print(y)`, fails, diag.Unset},
	{`s = "a"; x = s - 1; print(x)`, either, diag.TypeMismatch},
	{`print("%d", 1.5)`, refused, diag.BadValue},
	{`x = as.scalar(matrix(1.5, 1, 1)); n = 1; if (x > 1) { n = 2 } print("%d %d", n)`, either, diag.BadValue},
}

func TestMistakes(t *testing.T) {
	for _, f := range mistakes {
		f.test(t)
	}
}

// Source: builtin reference §21.
var goldens = []output{
	{`X = round(matrix("-2.5 -0.5 0.5 1.5 2.5", 1, 5)); print(toString(X, decimal=0))`, "-2 0 1 2 3\n", ""},
	{`print(as.scalar(rowIndexMax(matrix("3 3 1", 1, 3)))); print(as.scalar(rowIndexMin(matrix("0 0 0", 1, 3))))`, "2.0\n3.0", ""},
	{`print(toString(matrix(seq(1,6), 2, 3), decimal=0)); print(toString(matrix(seq(1,6), 2, 3, byrow=FALSE), decimal=0))`, "1 2 3\n4 5 6\n\n1 3 5\n2 4 6\n", ""},
	{`print(toString(table(matrix("1 2 2 5",4,1), matrix("1 1 1 9",4,1), 2, 3), decimal=0))`, "1 0 0\n2 0 0\n", ""},
	{`print(toString(table(matrix("1 2 2",3,1), 1), decimal=0))`, "1\n2\n", ""},
	{`print(toString(t(order(target=matrix("2 1 2 1",4,1), decreasing=TRUE, index.return=TRUE)), decimal=0))`, "1 3 2 4\n", ""},
	{`print(toString(removeEmpty(target=matrix(0,3,2), margin="rows"), decimal=0)); E = removeEmpty(target=matrix(0,3,2), margin="rows", empty.return=FALSE); print(nrow(E) + "x" + ncol(E))`, "0 0\n\n0x2", ""},
	{`X = matrix("1 2 3 4",2,2); print(toString(lower.tri(target=X), decimal=0)); print(toString(lower.tri(target=X, diag=TRUE, values=TRUE), decimal=0))`, "0 0\n1 0\n\n1 0\n3 4\n", ""},
	{`print(toString(rev(matrix("1 2 3",1,3)), decimal=0)); print(toString(t(roll(matrix("1 2 3",3,1), 1)), decimal=0))`, "1 2 3\n\n3 1 2\n", ""},
	{`print(toString(t(cumsumprod(matrix("1 0.5 1 0.5 1 0.5",3,2))), decimal=2))`, "1.00 1.50 1.75\n", ""},
	{`print(moment(seq(1,4), 2)); print(var(seq(1,4)))`, "1.25\n1.6666666666666667", ""},
	{`print(cov(seq(1,3), seq(2,6,2)))`, "2.0", ""},
	{`print(quantile(seq(1,10), 0.25)); print(toString(t(quantile(seq(1,10), matrix("0.25 0.5",2,1))), decimal=0))`, "3.5\n3 5\n", ""},
	{`print(median(matrix("0 0 1 2",4,1)))`, "0.0", ""},
	{`print(toString(t(aggregate(target=matrix("1 2 3 4",4,1), groups=matrix("1 3 1 3",4,1), fn="mean")), decimal=0))`, "2 0 3\n", ""},
	{`print(toString(outer(seq(1,2), t(seq(1,3)), "<="), decimal=0))`, "1 1 1\n0 1 1\n", ""},
	{`print(-7 %/% 3); print(-7 %% 3); print(7 / 2)`, "-2\n-1\n3.5", ""},
	{`print(toString(replace(target=matrix("1 NaN",1,2), pattern=NaN, replacement=0), decimal=0))`, "1 0\n", ""},
	{`print(toString(matrix("0.0625 0.1875 2.0005 -0.0001",1,4)))`, "0.062 0.188 2.001 -0.000\n", ""},
	{`X = matrix(seq(1,9),1,9); W = matrix(1,1,4); print(toString(conv2d(X, W, input_shape=[1,1,3,3], filter_shape=[1,1,2,2], stride=[1,1], padding=[0,0]), decimal=0))`, "12 16 24 28\n", ""},
	{`X = matrix(seq(1,9),1,9); print(toString(max_pool(X, input_shape=[1,1,3,3], pool_size=[2,2], stride=[1,1], padding=[0,0]), decimal=0))`, "5 6 8 9\n", ""},
}

func TestGoldenBuiltins(t *testing.T) {
	for i, o := range goldens {
		t.Run(fmt.Sprintf("row%d", i+1), o.test)
	}
}
