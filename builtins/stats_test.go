package builtins_test

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// TestDistributions compares with closed forms, and with R 4.3 where there is none.
func TestDistributions(t *testing.T) {
	for _, c := range []struct {
		call string
		want float64
	}{
		{`pnorm(target=1.959963984540054)`, 0.975},
		{`pnorm(target=3, mean=1, sd=2, lower.tail=FALSE)`, 0.15865525393145707},
		{`qnorm(target=0.975)`, 1.959963984540054},
		{`qnorm(target=0.975, mean=1, sd=10)`, 20.59963984540054},
		{`cdf(target=2, dist="exp", rate=0.5)`, 1 - math.Exp(-1)},
		{`pexp(target=2, rate=0.5, lower.tail=FALSE)`, math.Exp(-1)},
		{`qexp(target=0.5, rate=2)`, math.Ln2 / 2},
		{`pchisq(target=2, df=2)`, 1 - math.Exp(-1)},
		{`pchisq(target=2, df=2.9)`, 1 - math.Exp(-1)},
		{`icdf(target=0.5, dist="chisq", df=2)`, 2 * math.Ln2},
		{`pf(target=3, df1=2, df2=10)`, 1 - math.Pow(1.6, -5)},
		{`qf(target=0.904632568359375, df1=2, df2=10)`, 3},
		{`pt(target=1, df=1)`, 0.75},
		{`qt(target=0.975, df=10)`, 2.2281388519649385},
		{`cdf(target=-1, dist="t", df=1, lower.tail=FALSE)`, 0.75},
	} {
		out, err := run("print("+c.call+")", levels[1])
		got, _ := strconv.ParseFloat(strings.TrimSpace(out), 64)
		if err != nil || math.Abs(got-c.want) > 1e-10*math.Max(1, math.Abs(c.want)) {
			t.Errorf("%s = %s, %v, want %v", c.call, out, err, c.want)
		}
	}
	for _, call := range []string{`pnorm(target=1, sd=0)`, `qnorm(target=1.5)`, `pchisq(target=1, df=0)`, `pchisq(target=1)`,
		`cdf(target=1, dist="gauss")`, `cdf(target=1, dist="t")`, `pnorm(target=matrix(1,1,1))`} {
		if out, err := run("print("+call+")", levels[1]); err == nil {
			t.Errorf("%s = %s, want an error", call, out)
		}
	}
}

func TestAggregate(t *testing.T) {
	data := `X = matrix("1 2 3 4 10", 5, 1); g = matrix("1 3 1 3 3", 5, 1); w = matrix("1 2 3 1 1", 5, 1); `
	for _, c := range []struct{ args, want string }{
		{`target=X, groups=g, fn="count"`, "2.000 0.000 3.000"},
		{`target=X, groups=g, fn="sum"`, "4.000 0.000 16.000"},
		{`target=t(X), groups=t(g), fn="sum"`, "4.000 0.000 16.000"},
		{`target=X, groups=g, fn="mean"`, "2.000 0.000 5.333"},
		{`target=X, groups=g, fn="variance"`, "2.000 0.000 17.333"},
		{`target=X, groups=g, fn="min"`, "1.000 0.000 2.000"},
		{`target=X, groups=g, fn="max"`, "3.000 0.000 10.000"},
		{`target=X, groups=g, fn="centralmoment", order=2`, "1.000 NaN 11.556"},
		{`target=X, groups=g, fn="sum", weights=w`, "10.000 0.000 18.000"},
		{`target=X, groups=g, fn="count", weights=w`, "4.000 0.000 4.000"},
		{`target=X, groups=g, fn="mean", weights=w`, "2.500 0.000 4.500"},
		{`target=X, groups=g, fn="variance", weights=w`, "1.000 0.000 14.333"},
		{`target=X, groups=g, fn="sum", ngroups=1`, "4.000"},
		{`target=X, groups=g, fn="sum", ngroups=4`, "4.000 0.000 16.000 0.000"},
	} {
		out, err := run(data+`print(t(aggregate(`+c.args+`)))`, levels[1])
		if err != nil || inLine(out) != c.want {
			t.Errorf("aggregate(%s) = %s, %v, want %s", c.args, inLine(out), err, c.want)
		}
	}
	out, err := run(data+`print(aggregate(target=cbind(X, 2*X), groups=g, fn="sum", ngroups=3))`, levels[1])
	if err != nil || inLine(out) != "4.000 8.000 / 0.000 0.000 / 16.000 32.000" {
		t.Errorf("aggregate of two columns = %s, %v", inLine(out), err)
	}
	for _, args := range []string{`target=X, groups=g-1, fn="sum"`, `target=X, groups=t(matrix(1,1,3)), fn="sum"`, `target=X, groups=g, fn="mode"`,
		`target=X, groups=g, fn="centralmoment"`, `target=cbind(X,X), groups=g, fn="sum", weights=w`, `target=X, groups=g, fn="sum", ngroups=-1`} {
		if out, err := run(data+`print(aggregate(`+args+`))`, levels[1]); err == nil {
			t.Errorf("aggregate(%s) = %s, want an error", args, inLine(out))
		}
	}
}

// TestPools compares windows, strides, padding, channels and images with sums and maxima written out by hand.
func TestPools(t *testing.T) {
	img := `X = rbind(matrix(seq(1, 18), 1, 18), -matrix(seq(1, 18), 1, 18)); s = list(2, 2, 3, 3); `
	for _, c := range []struct{ call, want string }{
		{`max_pool(X, input_shape=[2,2,3,3], pool_size=[2,2], stride=[2,2], padding=[1,1])`,
			"1.000 3.000 7.000 9.000 10.000 12.000 16.000 18.000 / -1.000 -2.000 -4.000 -5.000 -10.000 -11.000 -13.000 -14.000"},
		{`avg_pool(X, input_shape=[2,2,3,3], pool_size=[2,2], stride=[2,2], padding=[1,1])`,
			"0.250 1.250 2.750 7.000 2.500 5.750 7.250 16.000 / -0.250 -1.250 -2.750 -7.000 -2.500 -5.750 -7.250 -16.000"},
		{`max_pool(X, input_shape=[2,2,3,3], pool_size=[3,3])`, "9.000 18.000 / -1.000 -10.000"},
		{`max_pool(X, input_shape=s, pool_size=[1,3], stride=[2,1])`, "3.000 9.000 12.000 18.000 / -1.000 -7.000 -10.000 -16.000"},
		{`max_pool_backward(matrix("5 5 1 5", 1, 4), matrix("3", 1, 1), input_shape=[1,1,2,2], pool_size=[2,2])`, "3.000 0.000 0.000 0.000"},
		{`max_pool_backward(matrix(seq(1,9), 1, 9), matrix("1 2 3 4", 1, 4), input_shape=[1,1,3,3], pool_size=[2,2])`,
			"0.000 0.000 0.000 0.000 1.000 2.000 0.000 3.000 4.000"},
		{`avg_pool_backward(matrix(0, 1, 9), matrix("4 8 12 16", 1, 4), input_shape=[1,1,3,3], pool_size=[2,2])`,
			"1.000 3.000 2.000 4.000 10.000 6.000 3.000 7.000 4.000"},
		{`bias_multiply(X[1,], matrix("1 0", 2, 1))`, "1.000 2.000 3.000 4.000 5.000 6.000 7.000 8.000 9.000" + strings.Repeat(" 0.000", 9)},
	} {
		out, err := run(img+`print(`+c.call+`)`, levels[1])
		if err != nil || inLine(out) != c.want {
			t.Errorf("%s = %s, %v, want %s", c.call, inLine(out), err, c.want)
		}
	}
	for _, call := range []string{`max_pool(X, input_shape=[2,2,3,4], pool_size=[2,2])`, `max_pool(X, input_shape=[2,2,3,3], pool_size=[4,4])`,
		`max_pool(X, input_shape=[2,2,3,3], pool_size=[2])`, `avg_pool_backward(X, X, input_shape=[2,2,3,3], pool_size=[2,2])`} {
		if out, err := run(img+`print(`+call+`)`, levels[1]); err == nil {
			t.Errorf("%s = %s, want an error", call, inLine(out))
		}
	}
}

func TestDecompositions(t *testing.T) {
	data := `A = rand(rows=6, cols=6, seed=3); S = A %*% t(A) + diag(matrix(1, 6, 1)); B = rand(rows=7, cols=4, seed=5); I = diag(matrix(1, 6, 1)); `
	for _, c := range []struct{ script, what string }{
		{`L = cholesky(S); x = max(abs(L %*% t(L) - S))`, "A = L Lt"},
		{`L = cholesky(S); x = max(abs(upper.tri(target=L, values=TRUE)))`, "L is lower triangular"},
		{`[w, V] = eigen(S); x = max(abs(V %*% diag(w) %*% t(V) - S))`, "A = V w Vt"},
		{`[w, V] = eigen(S); x = max(abs(order(target=w) - w))`, "eigenvalues ascend"},
		{`T = matrix("2 1 0 3", 2, 2); [w, V] = eigen(T); x = max(abs(T %*% V - V %*% diag(w)))`, "A V = V w of a matrix that is not symmetric"},
		{`[U, D, V] = svd(B); x = max(abs(U %*% D %*% t(V) - B)) + abs(nrow(D) - 4)`, "A = U S Vt, thin"},
		{`[U, D, V] = svd(t(B)); x = max(abs(U %*% D %*% t(V) - t(B)))`, "the same of a wide matrix"},
		{`[P, L, U] = lu(A); x = max(abs(P %*% A - L %*% U)) + max(abs(upper.tri(target=L, values=TRUE)) + abs(lower.tri(target=U, values=TRUE)))`, "P A = L U"},
		{`[H, R] = qr(B); for (k in 4:1) { v = H[,k]; R = R - v %*% (t(v) %*% R) / as.scalar(v[k]); } x = max(abs(R - B))`, "the reflections of R give A"},
		{`[H, R] = qr(t(B)); x = max(abs(t(R) %*% R - B %*% t(B))) + max(abs(lower.tri(target=R[,1:4], values=TRUE)))`, "Rt R = At A of a wide matrix"},
		{`[H, R] = qr(cbind(B[,1], 0 * B)); x = abs(sum(R^2) - sum(B[,1]^2))`, "columns of zeros"},
		{`x = max(abs(inv(S) %*% S - I))`, "inverse"},
		{`[w, V] = eigen(S); x = abs(det(S) / prod(w) - 1)`, "determinant"},
		{`x = abs(det(matrix("0 1 1 0", 2, 2)) + 1)`, "sign of the determinant"},
		{`x = abs(det(matrix("1 2 2 4", 2, 2)))`, "singular determinant"},
	} {
		out, err := run(data+c.script+`; print(x)`, levels[1])
		got, bad := strconv.ParseFloat(strings.TrimSpace(out), 64)
		if err != nil || bad != nil || !(got <= 1e-10) {
			t.Errorf("%s: %s gives %s, %v", c.what, c.script, out, err)
		}
	}
	for _, script := range []string{`L = cholesky(A)`, `L = cholesky(-S)`, `L = cholesky(B)`, `L = det(B)`, `[L, V] = eigen(S / 0)`, `L = inv(S * 0)`, `[L, V, W] = lu(S * 0)`} {
		if out, err := run(data+script+`; print(sum(matrix(L, 1, length(L))))`, levels[1]); err == nil {
			t.Errorf("%s gives %s, want an error", script, out)
		}
	}
}

func TestBits(t *testing.T) {
	out, err := run(`print(bitwAnd(12, 10) + " " + bitwOr(12.9, 10) + " " + bitwShiftR(-12, 2) + " " + bitwShiftR(8589934592, 33)); print(bitwXor(matrix("1 2", 1, 2), 3))`, levels[1])
	if err != nil || inLine(out) != "8 14.0 -3 1 / 2.000 1.000" {
		t.Errorf("got %s, %v", inLine(out), err)
	}
}

// TestBatchNorm compares with the formulas written in DML, and the gradient with central differences.
func TestBatchNorm(t *testing.T) {
	data := `X = rand(rows=4, cols=6, seed=1); g = matrix("2 3", 2, 1); b = matrix("1 -1", 2, 1); z = matrix(0.5, 2, 1); D = rand(rows=4, cols=6, seed=2);
[Y, em, ev, m, s] = batch_norm2d(X, g, b, z, z, "train", 0.01, 0.9);
c = matrix(X[,4:6], 12, 1); `
	for _, script := range []string{
		`x = abs(as.scalar(m[2]) - mean(c)) + abs(as.scalar(s[2]) - 1 / sqrt(var(c) * 11 / 12 + 0.01))`,
		`x = max(abs(Y[,4:6] - (3 * (X[,4:6] - mean(c)) * as.scalar(s[2]) - 1)))`,
		`x = abs(as.scalar(em[2]) - 0.45 - 0.1 * mean(c)) + abs(as.scalar(ev[2]) - 0.45 - 0.1 * var(c) * 11 / 12)`,
		`[Y, em, ev, m, s] = batch_norm2d(X, g, b, z, 2*z, "test", 0, 0.9); x = max(abs(Y[,1:3] - (2 * (X[,1:3] - 0.5) + 1))) + max(abs(em - z)) + max(abs(ev - 2*z))`,
		`[dX, dg, db] = batch_norm2d_backward(X, D, g, 0.01, m, s); H = matrix(0, 4, 6); H[2,5] = 0.0001;
[P, em, ev, m1, s1] = batch_norm2d(X + H, g, b, z, z, "train", 0.01, 0.9); [Q, em, ev, m1, s1] = batch_norm2d(X - H, g, b, z, z, "train", 0.01, 0.9);
x = 0.001 * abs(sum(D * (P - Q)) / 0.0002 - as.scalar(dX[2,5])) + abs(as.scalar(db[1]) - sum(D[,1:3])) + abs(as.scalar(dg[1]) - sum(D[,1:3] * (X[,1:3] - as.scalar(m[1])) * as.scalar(s[1])))`,
	} {
		out, err := run(data+script+`; print(x)`, levels[1])
		got, bad := strconv.ParseFloat(strings.TrimSpace(out), 64)
		if err != nil || bad != nil || !(got <= 1e-10) {
			t.Errorf("%s gives %s, %v", script, out, err)
		}
	}
	for _, script := range []string{`[Y, em, ev, m, s] = batch_norm2d(X, g, b, z, matrix(1, 3, 1), "train", 0, 0)`,
		`[Y, em, ev, m, s] = batch_norm2d(X[,1:5], g, b, z, z, "train", 0, 0)`, `[Y, em, ev, m, s] = batch_norm2d(X, g, b, z, z, "learn", 0, 0)`,
		`[Y, em, ev] = batch_norm2d_backward(X, D[1:2,], g, 0, z, z)`} {
		if out, err := run(data+script+`; print(sum(Y))`, levels[1]); err == nil {
			t.Errorf("%s gives %s, want an error", script, out)
		}
	}
}
