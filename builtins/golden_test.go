package builtins_test

import (
	"strings"
	"testing"
)

// TestGolden runs the examples that the builtin reference states (§4, §5, §6, §21), and what
// the language reference says about builtins (§5.3, §7.4, §13, §16).
func TestGolden(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{`print(round(matrix("-2.5 -0.5 0.5 1.5 2.5", 1, 5)))`, "-2.000 0.000 1.000 2.000 3.000"},
		{`print(rowIndexMax(matrix("3 3 1", 1, 3))); print(rowIndexMin(matrix("0 0 0", 1, 3)))`, "2.000 /  / 3.000"},
		{`print(matrix(seq(1,6), 2, 3)); print(matrix(seq(1,6), 2, 3, byrow=FALSE)); print(matrix(data=seq(1,6), cols=3, rows=2))`,
			"1.000 2.000 3.000 / 4.000 5.000 6.000 /  / 1.000 3.000 5.000 / 2.000 4.000 6.000 /  / 1.000 2.000 3.000 / 4.000 5.000 6.000"},
		{`print(table(matrix("1 2 2 5",4,1), matrix("1 1 1 9",4,1), 2, 3))`, "1.000 0.000 0.000 / 2.000 0.000 0.000"},
		{`print(table(matrix("1 2 2",3,1), matrix("1 1 1",3,1), odim1=2, odim2=1))`, "1.000 / 2.000"},
		{`print(t(table(matrix("1 2 2",3,1), 1)))`, "1.000 2.000"},
		{`print(table(seq(1,3), matrix("2 NaN 1",3,1), 3, 2))`, "0.000 1.000 / 0.000 0.000 / 1.000 0.000"},
		{`print(t(order(target=matrix("2 1 2 1",4,1), decreasing=TRUE, index.return=TRUE)))`, "1.000 3.000 2.000 4.000"},
		{`X = removeEmpty(target=matrix(0,3,2), margin="rows"); Y = removeEmpty(target=matrix(0,3,2), margin="rows", empty.return=FALSE); print(nrow(X) + "x" + ncol(X) + " " + nrow(Y) + "x" + ncol(Y))`, "1x2 0x2"},
		{`print(lower.tri(target=matrix("1 2 3 4",2,2))); print(lower.tri(target=matrix("1 2 3 4",2,2), diag=TRUE, values=TRUE))`, "0.000 0.000 / 1.000 0.000 /  / 1.000 0.000 / 3.000 4.000"},
		{`print(rev(matrix("1 2 3",1,3))); print(t(roll(matrix("1 2 3",3,1), 1)))`, "1.000 2.000 3.000 /  / 3.000 1.000 2.000"},
		{`print(t(cumsumprod(matrix("1 0.5 1 0.5 1 0.5",3,2))))`, "1.000 1.500 1.750"},
		{`print(moment(seq(1,4), 2)); print(var(seq(1,4)))`, "1.25 / 1.6666666666666667"},
		{`print(cov(seq(1,3), seq(2,6,2)))`, "2.0"},
		{`print(quantile(seq(1,10), 0.25)); print(t(quantile(seq(1,10), matrix("0.25 0.5",2,1)))); print(quantile(seq(1,9), 0.5)); print(quantile(seq(1,9), 0)); print(quantile(seq(1,9), 1))`,
			"3.5 / 3.000 5.000 /  / 5.0 / 1.0 / 9.0"},
		{`print(median(matrix("0 0 1 2",4,1))); print(median(matrix("-2 -1 0 0",4,1)))`, "0.0 / -1.0"},
		{`print(outer(seq(1,2), t(seq(1,3)), "<="))`, "1.000 1.000 1.000 / 0.000 1.000 1.000"},
		{`print(-7 %/% 3); print(-7 %% 3); print(7 / 2)`, "-2 / -1 / 3.5"},
		{`print(replace(target=matrix("1 NaN",1,2), pattern=NaN, replacement=0))`, "1.000 0.000"},
		{`print(toString(matrix("0.0625 0.1875 2.0005 -0.0001",1,4)))`, "0.062 0.188 2.001 -0.000"},
		{`print(t(sample(10,10,TRUE,7))); print(t(sample(5,5,42)))`, "3.000 2.000 6.000 7.000 2.000 10.000 6.000 7.000 4.000 5.000 /  / 1.000 2.000 3.000 4.000 5.000"},
		{`print(rand(rows=1, cols=10, min=1, max=1, sparsity=0.3, seed=5))`, "0.000 0.000 0.000 0.000 0.000 1.000 1.000 0.000 0.000 0.000"},
		{`n = 0; print(t(seq(1, n)))`, "1.000 0.000"},
		{`print(max(matrix(0,0,3)) + " " + sum(matrix(0,0,3)) + " " + mean(matrix(0,0,3)))`, "-Infinity 0.0 NaN"},
		{`print(min(3, 4) + " " + min(3, 4.0) + " " + min(5, 4, 3) + " " + max(matrix("1 2",1,2)))`, "3 3.0 3 2.0"},
		{`X = matrix("1 2 3 4",2,2); print(max(X, 2, matrix("9 0",2,1)))`, "9.000 9.000 / 3.000 4.000"},
		{`print(sum(matrix("NaN Infinity",1,2))); print(round(NaN)); print(abs(-3)); print(ceil(1.2))`, "NaN / 0.0 / 3 / 2.0"},
		{`print(as.integer("2.7") + " " + as.integer(-2.7) + " " + as.integer(TRUE) + " " + as.double("1e2") + " " + as.logical("1") + " " + as.boolean("true"))`, "2 -2 1 100.0 FALSE TRUE"},
		{`l = list(1, matrix(2,2,2), "x"); m = as.scalar(l[2]); print(nrow(m) + " " + sum(abs(m)) + " " + min(m) + " " + ncol(cbind(m, m)) + " " + length(matrix(m, 1, 4)))`, "2 8.0 2.0 4 4"},
		{`l = append(list(a=1), list(b=2)); [r, e] = remove(l, 1); print(as.scalar(r["b"]) + " " + as.scalar(e)); print(length(append(list(), list(1, 2))))`, "2 1 / 1"},
		{`print(list(1, 2.5, "x", TRUE)); print(toString(list(matrix(3,1,1), 7))); print(list())`, "List containing: / [1, 2.5, x, TRUE] / List containing: / [ / Matrix: / 3.000 / , 7] / List containing:]"},
		{`print("%d %5.2f %s %b", 3, 1.005, "q", TRUE)`, "3  1.01 q true"},
		{`X = rbind(matrix(0,0,2), matrix(1,1,2)); Y = cbind(matrix(0,2,0), seq(1,2)); print(sum(X) + " " + sum(Y))`, "2.0 3.0"},
		{`if (2 > 1) { x = 1 } print(exists(x)); print(exists("nothing"))`, "TRUE / FALSE"},
		{`print(ifelse(1 > 2, "a", "b")); print(ifelse(matrix("0 NaN",1,2), 1, 2))`, "b / 2.000 1.000"},
		{`X = matrix("3 1 2",3,1); print(sum(unique(rbind(X, X))) + " " + countDistinct(X) + " " + contains(target=X, pattern=2))`, "6.0 3 TRUE"},
		{`print(trace(diag(seq(1,3)))); print(t(diag(diag(seq(1,3)))))`, "6.0 / 1.000 2.000 3.000"},
		{`F = frame(list("a", 1, "", 2), rows=2, cols=2, schema=list("STRING", "INT64")); print(removeEmpty(target=F[,1], margin="rows")); print(replace(target=F, pattern="a", replacement="b"))`,
			"# FRAME: nrow = 1, ncol = 1 / # C1 / # STRING / a /  / # FRAME: nrow = 2, ncol = 2 / # C1 C2 / # STRING INT64 / b 1 /  2"},
		{`F = as.frame(matrix("1.5 2 3 4", 2, 2), list("x", "y")); print(removeEmpty(target=F, margin="cols", select=matrix("0 1", 1, 2))); print(replace(target=F, pattern=2, replacement=9)); G = rbind(F, F); print(G[3,])`,
			"# FRAME: nrow = 2, ncol = 1 / # y / # INT32 / 2 / 4 /  / # FRAME: nrow = 2, ncol = 2 / # x y / # FP32 INT32 / 1.5 9 / 3.0 4 /  / # FRAME: nrow = 1, ncol = 2 / # x y / # FP32 INT32 / 1.5 2"},
		{`print(ncol(removeEmpty(target=frame("", rows=2, cols=2), margin="cols")) + " " + nrow(removeEmpty(target=frame("", rows=2, cols=2), margin="rows", empty.return=FALSE)))`, "1 0"},
		{`a = rand(rows=2, cols=2, seed=3); b = rand(rows=2, cols=2, seed=3); print(sum(a == b)); c = rand(rows=9, cols=9); d = rand(rows=9, cols=9); print(sum(c == d) < 81)`, "4.0 / TRUE"},
		{`c = rand(rows=9, cols=9, pdf="normal"); d = rand(rows=9, cols=9, pdf="normal"); print(sum(c == d) < 81)`, "TRUE"},
	} {
		for _, level := range levels {
			out, err := run(c.script, level)
			if err != nil || inLine(out) != c.want {
				t.Errorf("-O%d %s\n got %s, %v\nwant %s", level, c.script, inLine(out), err, c.want)
			}
		}
	}
}

// TestScriptErrors: wrong calls are refused by the compiler or at run time, never accepted.
func TestScriptErrors(t *testing.T) {
	for _, c := range []struct{ script, want string }{
		{`x = sum(3)`, "E0205|E0301"},
		{`x = rand(rows=2, colz=3)`, "colz"},
		{`x = rand(rows=2, cols=3, pdf="gauss"); print(x)`, "gauss"},
		{`x = as.scalar(3)`, "scalar already"},
		{`x = matrix("1 2 3", 2, 2)`, "3 numbers"},
		{`print("%d", 1.5)`, "%d cannot show"},
		{`print()`, "print"},
		{`x = outer(seq(1,2), t(seq(1,2)), "**")`, "**"},
		{`x = removeEmpty(target=matrix(0,2,2), margin="row")`, "row"},
		{`x = nrow(3)`, "nrow"},
		{`x = min()`, "min"},
		{`s = "%d"; x = 1.5; print(s + "", x)`, "%d cannot show"},
		{`x = as.scalar(matrix(1,2,2)); print(x)`, "1x1"},
		{`l = list(1); [r, e] = remove(l, 2); print(r)`, "outside"},
		{`x = cbind(matrix(1,2,2), matrix(1,3,2)); print(sum(x))`, "cbind"},
		{`x = solve(matrix(1,2,2), matrix(1,2,1)); print(sum(x))`, "singular"},
		{`x = table(matrix("0",1,1), 1); print(sum(x))`, "at least 1"},
		{`x = matrix(0, 2147483647, 2147483647); print(sum(x))`, "too large"},
		{`n = as.integer(sum(matrix(-1,1,1))); x = matrix(0, n, 2); print(sum(x))`, "negative|rows"},
		{`F = frame(list(1, 2, 3), rows=2, cols=2); print(F)`, "3 cells"},
		{`F = frame("x", rows=2, cols=1, schema=list("FP64")); print(F)`, "row 1, column 1"},
		{`F = frame("x", rows=2, cols=1, schema=list("NUMBER")); print(F)`, "NUMBER"},
		{`F = as.frame(matrix(1,1,1)); G = replace(target=F, pattern=1, replacement="x"); print(G)`, "replace"},
		{`X = replace(target=matrix(1,1,1), pattern="a", replacement=2); print(X)`, "replace"},
		{`stop("bye")`, "bye"},
		{`x = 1; assert(x > 2)`, "assert"},
	} {
		for _, level := range levels {
			out, err := run(c.script, level)
			if err == nil {
				t.Errorf("-O%d %s gave %q, want an error", level, c.script, out)
				continue
			}
			found := false
			for want := range strings.SplitSeq(c.want, "|") {
				found = found || strings.Contains(err.Error(), want)
			}
			if !found {
				t.Errorf("-O%d %s: %v, want an error with %s", level, c.script, err, c.want)
			}
		}
	}
}
