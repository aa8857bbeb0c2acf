package check

import (
	"testing"

	"gdml/lang/ast"
)

// parforRows holds the table of the compiler notes on parfor dependencies, row by row,
// and further cases of the same kind. A row is the body of a loop over i in 1:10.
var parforRows = []struct {
	body string
	free bool
}{
	{`A[i,1] = i;`, true},
	{`A[i,] = B[i,];`, true},
	{`A[,i] = B[,i];`, true},
	{`A[2*i,1] = i;`, true},
	{`A[i,1] = A[i,1] + 1;`, true},
	{`B1 = A; A[i,] = exp2(B1[i,]);`, true},
	{`B1 = A; A[i,] = exp2(B1[i+1,]);`, false},
	{`B1 = A; A[i,] = exp2(B1);`, false},
	{`A[i,1] = A[i-1,1];`, false},
	{`A[1,i+10] = A[1,i];`, true},
	{`A[1,i+9] = A[1,i];`, false},
	{`A[2*i,1] = i; x = A[i,1];`, false},
	{`A[2*i,1] = i; A[i,1] = 2;`, false},
	{`A[2*i,1] = A[2*i+1,1];`, true},
	{`A[i,1] = 1; x = A[i,1:10]; for(j in 1:10) { A[i,j] = j; }`, true},
	{`for(j in 1:5) { A[1,j] = j; }`, false},
	{`parfor(j in 1:5) { A[i,1] = j; }`, false},
	{`parfor(j in 1:5) { A[i,j] = j; }`, true},
	{`A[1:10,i] = B[1:10,i]; A[11:nrow(A),i] = B[11:nrow(A),i];`, true},
	{`A[1:10,i] = B[1:10,i]; A[i,5] = 1;`, false},
	{`A[i:(i+1),1] = B[1:2,1];`, false},
	{`A[i:i,1] = B[1,1]; A[i,1] = 1;`, false},
	{`k = i; A[i,k] = 1;`, true},
	{`k = i; A[k,1] = 1;`, true},
	{`k = 2 * i + 1; A[k,1] = A[k,2];`, true},
	{`k = i; if(i > 3) { k = i + 1; } A[k,1] = 1;`, false},
	{`A[as.scalar(B[i,1]),1] = 1;`, false},
	{`A[i^2,1] = 1;`, false},
	{`A[i/2,1] = 1;`, false},
	{`A[i+7.3,1] = 1;`, false},
	{`A[i+1.0,1] = 1;`, true},
	{`k = as.scalar(B[i,1]); A[k,] = B[1,];`, false},
	{`C[i] = as.matrix(C[i]) + 7;`, true},
	{`C[i] = as.matrix(C[i-1]) + 7;`, false},
	{`F[i,1] = as.frame(1);`, true},
	{`A[,] = B;`, false},
	{`A = B;`, false},
	{`s = s + 1;`, false},
	{`s += 1;`, false},
	{`s = i;`, false},
	{`A += i; A += i * B;`, true},
	{`A += i; x = sum(A);`, false},
	{`A += i; A[i,1] = 2;`, false},
	{`A += sum(A);`, false},
	{`A = A + i;`, false},
	{`A[7*i+1,] = B[1,]; A[13*i+1,] = B[1,];`, false},

	// blocks of rows
	{`A[((i-1)*3+1):(i*3),] = B[1:3,];`, true},
	{`A[((i-1)*3+1):(i*3+1),] = B[1:4,];`, false},
	{`A[((i-1)*n+1):(i*n),] = B;`, true},
	{`A[((i-1)*n+1):min(i*n, 100),] = B;`, true},
	{`lo = (i-1)*blk+1; hi = min(i*blk, n); A[lo:hi,] = B[lo:hi,]; x = A[lo:hi,];`, true},
	{`lo = (i-1)*blk+1; hi = i*blk+1; A[lo:hi,] = B[lo:hi,];`, false},
	{`A[(100-3*i):(102-3*i),] = B[1:3,];`, true},
	{`A[(i-1)*10+1,1] = 1;`, true},
	{`for(j in 1:10) { A[1,(i-1)*10+j] = 1; }`, true},
	{`for(j in 1:11) { A[1,(i-1)*10+j] = 1; }`, false},
	{`for(j in 1:n) { A[i,j] = A[i,j] + B[j,i]; }`, true},

	// what the loop does not change
	{`A[i+n,1] = 1;`, true},
	{`A[i+n,1] = A[i+n,2];`, true},
	{`A[i+n,1] = A[i,1];`, false},
	{`A[n*i,1] = 1;`, false},
	{`A[as.integer(i + 1.0),1] = A[as.double(i + 1),1];`, true},
	{`A[as.integer(i * n),1] = 1;`, false},
	{`A[20 - i,1] = A[-i + 20,2];`, true},
	{`A[+i,1] = A[!TRUE,1];`, false},
	{`A[i*i,1] = 1;`, false},
	{`A[i,1] = 1; if(n > 1) { [U, S1, V] = svd(B); x = ifdef($x, A[i,1]); }`, true},
	{`A[i,1] = 1; x = ifdef($x, A[i+1,1]);`, false},
	{`A[i,1] = A[k0+20,1];`, true},
	{`A[1:n,1] = B[,1]; A[(n+1):(n+10),1] = B[1:10,1];`, false},
	{`A[1:n,i] = A[(n+1):(2*n),1];`, true},
	{`A[1:k0,i] = A[6:9,1];`, true},
	{`A[1:n,i] = A[n:(2*n),1];`, false},
	{`A[i,1] = nrow(A);`, true},
	{`i = i + 1; A[i,1] = 1;`, false},
	{`t1 = sum(B); A[i,1] = t1; for(q in 1:2) { t1 = t1 + q; }`, true},
	{`[C, x] = remove(C, i);`, false},
	{`C["a"] = 1;`, false},
	{`while(nrow(A) > i) { A[i,1] = 0; }`, true},
	{`if(sum(A) > 0) { A[i,1] = 0; }`, true}, // warned of only
	{`if(as.scalar(A[i+1,1]) > 0) { A[i,1] = 0; } x = sum(A);`, false},
	{`for(q in 1:nrow(B)) { A[q,i] = 1; }`, true},
}

func TestParforTable(t *testing.T) {
	const before = `A = matrix(0, 100, 100); B = matrix(1, 100, 100); s = 0; n = nrow(B); k0 = 5; blk = ceil(n / 4);
C = list(1, 2, 3); F = as.frame(A);
`
	for _, row := range parforRows {
		got := one(t, before+"parfor(i in 1:10) { "+row.body+" }")
		if free := got == ""; free != row.free {
			t.Errorf("%s: independent is %v, want %v (%s)", row.body, free, row.free, got)
		} else if !free && got != "E0501" && got != "E0501 E0501" {
			t.Errorf("%s: errors %s, want E0501", row.body, got)
		}
	}
}

func TestParforRanges(t *testing.T) {
	for _, row := range []struct {
		script string
		codes  string
	}{
		{`A = matrix(0,9,9); B = A; parfor(i in 10:1) { A[i,1] = sum(B[i,1]); }`, ""},
		{`A = matrix(0,9,9); parfor(i in 10:1) { A[i,1] = A[i+5,1]; }`, "E0501"},
		{`A = matrix(0,9,9); parfor(i in 10:1) { A[i,1] = A[i+10,1]; }`, ""},
		{`A = matrix(0,9,9); parfor(i in seq(1,9,2)) { A[i,1] = A[i+1,1]; }`, ""},
		{`A = matrix(0,9,9); parfor(i in seq(1,9,2)) { A[i,1] = A[i+2,1]; }`, "E0501"},
		{`A = matrix(0,9,9); parfor(i in seq(1,9,2)) { A[i:(i+1),1] = A[i:(i+1),2]; }`, ""},
		{`A = matrix(0,9,9); n = 10; parfor(i in 1:n) { A[i+n,1] = A[i,1]; }`, ""},
		{`A = matrix(0,9,9); parfor(i in 1:3) { A[1,1] = A[1,1] + i; }`, "E0501"},
		{`A = matrix(0,9,9); parfor(i in 1:3, check=0) { A[1,1] = 1; s = 2; }`, ""},
		{`for(k in 1:3) { A = matrix(0,9,9); parfor(i in 1:3) { A[i,k] = k; } }`, ""},
		{`A = matrix(0,9,9); i = 4; parfor(i in 1:3) { A[i,1] = 1; }`, ""},
		{`A = matrix(0,9,9); parfor(i in 1:3) { for(i in 1:2) { A[i,1] = 1; } }`, "E0501"},
		{`parfor(i in 1:3) { x = i; y = matrix(i,1,1); y[1,1] = x; }`, ""},
		{`A = matrix(0,9,9); parfor(i in 1:3, mode=REMOTE_MR, resultmerge=remote_mr, datapartitioner=REMOTE_MR) { A[i,1] = i; }`, ""},
	} {
		if got := one(t, row.script); got != row.codes {
			t.Errorf("%s: %q, want %q", row.script, got, row.codes)
		}
	}
}

// TestDisjoint: only what the analysis proved is marked.
func TestDisjoint(t *testing.T) {
	for script, want := range map[string]bool{
		`parfor(i in 1:3) { A[i,1] = A[i,1] + 1; }`:                      true,
		`parfor(i in 1:3, check=0) { A[i,1] = 1; }`:                      false,
		`parfor(i in 1:3) { if(sum(A) > 1) { x = 1; } A[i,1] = 1; }`:     false,
		`parfor(i in 1:3) { A += i; }`:                                   false,
		`parfor(i in 1:3) { L[i] = i; }`:                                 false,
		`parfor(i in 1:3) { for(j in 1:2) { A[j,i] = A[j,i] * 2; } }`:    true,
		`for(k in 1:2) { parfor(i in 1:3) { A[k,i] = i; } }`:             true,
		`parfor(i in 1:3) { if(as.scalar(A[i,2]) > 0) { A[i,1] = 5; } }`: true,
	} {
		_, info, _ := run("script", "A = matrix(0,9,9); L = list(1,2,3)\n"+script, Config{})
		for _, ms := range info.Merges {
			if len(ms) != 1 || ms[0].Disjoint != want {
				t.Errorf("%s: %v, want disjoint %v", script, ms, want)
			}
		}
	}
}

func TestMerges(t *testing.T) {
	_, info, ds := run("script", `A = matrix(0,9,9); S = A; s = 1; L = list(1); j = 2
parfor(i in 1:3, par=4, check=0, log=debug) { A[i,1] = 1; S += i; s = 3; for(j in 1:2) { L[i] = j; } w = 1; }`, Config{})
	if ds.Len() > 0 {
		t.Fatal(ds.All())
	}
	if len(info.Merges) != 1 || len(info.Loops) != 1 {
		t.Fatal("want one parfor, not", len(info.Merges), len(info.Loops))
	}
	for loop, ms := range info.Merges {
		want := []Merge{{Var: "A"}, {Var: "S", Accumulate: true}, {Var: "L"}}
		if len(ms) != len(want) {
			t.Fatalf("merges %v, want %v", ms, want)
		}
		for i := range ms {
			if ms[i] != want[i] {
				t.Errorf("merge %v, want %v", ms[i], want[i])
			}
		}
		p := info.Loops[loop]
		if n, ok := p.Par.(*ast.IntLit); p.Check || !p.Log || !ok || n.Value != 4 {
			t.Errorf("parameters %+v", p)
		}
	}
}
