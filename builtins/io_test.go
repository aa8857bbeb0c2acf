package builtins_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"gdml/builtins"
	"gdml/compiler"
	"gdml/lang/op"
	"gdml/runtime/exec"
	"gdml/runtime/format"
)

func file(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestReadWrite runs scripts that go through files.
func TestReadWrite(t *testing.T) {
	for _, c := range []struct{ name, script, want string }{
		{"every format", `X = matrix("1 0 2.5 -3 0 7", 3, 2)
			for (f in 1:1) { print(0) }
			write(X, "a", format="text"); write(X, "b", format="csv", header=TRUE, sep=";"); write(X, "c", format="mm")
			write(X, "d", format="binary"); write(X, "e", format="libsvm"); write(X, "f.csv.gz", format="csv", sparse=TRUE)
			print(sum(read("a") == X)); print(sum(read("b") == X)); print(sum(read("c") == X)); print(sum(readMM("c") == X))
			print(sum(read("d") == X)); print(sum(read("e") == X)); print(sum(read("f.csv.gz") == X))`,
			"0 / 6.0 / 6.0 / 6.0 / 6.0 / 6.0 / 6.0 / 6.0"},
		{"expression", `X = matrix(2, 2, 2); write(X * 3, "dir/sub/X.csv", format="csv"); print(sum(read("dir/sub/X.csv")))`, "24.0"},
		{"scalars", `write(3, "i"); write(2.5, "d"); write(TRUE, "b"); write("two words", "s")
			i = read("i", data_type="scalar", value_type="int"); d = read("d", data_type="scalar"); b = read("b", data_type="scalar", value_type="boolean")
			print(i + 1); print(d); print(b); print(read("s", data_type="scalar", value_type="string"))`, "4 / 2.5 / TRUE / two words"},
		{"type from the metadata", `write(3, "n"); x = read("n"); print(x + 1); write(list(1, 2), "l"); l = read("l"); print(length(l))`, "4 / 2"},
		{"list", `L = list(W=matrix(1, 2, 2), b=3, inner=list(1.5, "x")); write(L, "L", format="csv")
			M = read("L", data_type="list"); print(length(M)); print(sum(as.matrix(M["W"]))); print(as.scalar(M["b"]) + 1); print(as.list(M["inner"]))`,
			"3 / 4.0 / 4 / List containing: / [1.5, x]"},
		{"frame", `F = as.frame(matrix("1 2.5 3 4", 2, 2)); write(F, "F.csv", format="csv", header=TRUE)
			G = read("F.csv", data_type="frame"); print(nrow(G)); print(sum(as.matrix(G)))`, "2 / 10.5"},
		{"size changes", `X = matrix(1, 2, 2); write(X, "Z.csv", format="csv"); Y = read("Z.csv", format="csv"); print(nrow(Y))
			write(matrix(1, 5, 3), "Z.csv", format="csv"); Y = read("Z.csv", format="csv"); print(nrow(Y)); print(ncol(Y) * 2)`, "2 / 5 / 6"},
		{"name known at run time", `for (i in 1:2) { write(matrix(i, i, 1), "r" + i + ".csv", format="csv") }
			s = 0; for (i in 1:2) { X = read("r" + i + ".csv", format="csv"); s = s + sum(X) }
			print(s)`, "5.0"},
		{"standard output", `write(matrix("1 2", 1, 2), "-", format="csv")`, "1.0,2.0"},
		{"missing strings", `X = read("na.csv", format="csv", naStrings=["NA", "?"]); print(sum(is.nan(X)))`, "2.0"},
		{"header", `X = read("head.csv", header=TRUE); print(nrow(X)); print(sum(X))`, "2 / 10.0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			file(t, "na.csv", "1,NA\n?,2\n")
			file(t, "head.csv", "a,b\n1,2\n3,4\n")
			file(t, "Z.csv", "1\n") // an old file of another size
			for _, level := range levels {
				if out, err := run(c.script, level); err != nil || inLine(out) != c.want {
					t.Errorf("-O%d\n got %s, %v\nwant %s", level, inLine(out), err, c.want)
				}
			}
		})
	}
}

// TestIOProblems checks what the compiler says of calls that cannot work, and of those that probably do not mean what they say.
func TestIOProblems(t *testing.T) {
	t.Chdir(t.TempDir())
	file(t, "train.csv", "1,2\n")
	file(t, "m.csv", "1,2\n")
	file(t, "m.csv.mtd", `{"data_type": "matrix", "rows": 1, "cols": 2, "format": "csv"}`)
	x := "X = matrix(1, 2, 2); "
	for _, c := range []struct{ script, want string }{
		{`X = read("trian.csv"); print(sum(X))`, "E0601 trian.csv: no such file (did you mean train.csv?)"},
		{`X = read("m.csv", rows=2, cols=2); print(sum(X))`, "E0602 m.csv.mtd:1: rows is 1 here, but the call says 2"},
		{`X = read("train.csv", format="cvs"); print(sum(X))`, `E0604 unknown format "cvs" (did you mean "csv"? the formats are text, csv, mm, binary, libsvm, idx)`},
		{`X = read("train.csv", colums=2); print(sum(X))`, "E0205 read has no parameter colums"},
		{`X = read("train.csv", "csv"); print(sum(X))`, `E0205 read takes data_type by name only (write data_type="csv")`},
		{`X = read("hdfs://a/b"); print(sum(X))`, "E0604 hdfs://a/b: the scheme hdfs: is not supported, only files are"},
		{`X = read("train.csv", format="mm", data_type="frame"); print(nrow(X))`, "E0604 format mm cannot hold a frame"},
		{`X = read("train.csv", indSep="="); print(sum(X))`, "warning E0304 indSep has no effect on reading format csv"},
		{`X = read("train.csv", rows_in_block=1000); print(sum(X))`, "warning E0304 rows_in_block has no effect on reading format csv"},
		{x + `write(X, "o", format="binary", cols_in_block=500)`, "warning E0304 cols_in_block has no effect on format binary"},
		{x + `write(X, "o", data_type="matrix")`, "warning E0304 data_type has no effect on format text"},
		{x + `write(X, "o", "csv")`, `E0205 write takes format by name only (write format="csv")`},
		{x + `write(X, "o", format="csv", speed=1)`, "E0205 write has no parameter speed"},
		{x + `write(X, "o", format="excel")`, `E0604 unknown format "excel"`},
		{x + `write(X, "o", format="csv", sep="")`, "E0304 write: sep must not be empty"},
		{x + `write(X, "o", header=TRUE)`, "warning E0304 header has no effect on format text"},
		{x + `write(X, "o.csv")`, `warning E0304 the file name ends in .csv, but the format is text (write format="csv" for that format)`},
		{`F = as.frame(matrix(1, 1, 1)); write(F, "o", format="mm")`, "E0604 format mm cannot hold a frame"},
		{`X = read("train.csv"); Y = X %*% matrix(1, 3, 1); print(sum(Y))`, "E0401"}, // the size comes from the file
	} {
		res, ds := compiler.Compile(context.Background(), compiler.Source{Name: "t.dml", Text: c.script}, compiler.Options{Level: compiler.O2})
		var all []string
		for _, d := range ds.All() {
			s := d.Code.String() + " " + d.Msg
			if d.Severity != 0 {
				s = "warning " + s
			}
			if d.Hint != "" {
				s += " (" + d.Hint + ")"
			}
			all = append(all, s)
		}
		got := strings.Join(all, "\n")
		if !strings.Contains(got, c.want) || strings.HasPrefix(c.want, "warning") != (!ds.HasErrors() && res.Program != nil) {
			t.Errorf("%s\n got %s\nwant %s", c.script, got, c.want)
		}
	}
}

// TestReadErrors: a fault of the data is a run-time error that still has its place in the data.
func TestReadErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	file(t, "bad.csv", "1,2\n3,x\n")
	_, err := run(`X = read("bad.csv"); print(sum(X))`, compiler.O2)
	var fault *format.Error
	if !errors.As(err, &fault) || fault.Line != 2 || fault.Col != 3 || fault.Text != "3,x" {
		t.Errorf("fault in the data: %v", err)
	}
	var e *exec.Error
	if !errors.As(err, &e) || e.Code.String() != "E0603" || !e.At.IsValid() || !strings.Contains(e.Hint, "naStrings") {
		t.Errorf("run-time error: %+v", e)
	}
	_, err = run(`if (1 < sum(matrix(1, 2, 2))) { X = read("none.csv"); print(sum(X)) }`, compiler.O2)
	if !errors.As(err, &e) || e.Code.String() != "E0601" {
		t.Errorf("file that is missing in conditional code: %v", err)
	}
	file(t, "taken", "")
	_, err = run(`write(matrix(1, 1, 1), "taken/X", format="csv")`, compiler.O2)
	if !errors.As(err, &e) || e.Code.String() != "E0605" {
		t.Errorf("unwritable target: %v", err)
	}
}

// TestProbe: sizes come from the file as long as no write may have changed it.
func TestProbe(t *testing.T) {
	t.Chdir(t.TempDir())
	file(t, "X.csv", "1,2\n3,4\n5,6\n")
	row, _ := builtins.New().Lookup("read")
	shape := func(stale bool, args map[string]op.Shape) op.Shape {
		b := &builtins.Bound{Func: row, Types: row.Results, Stale: stale}
		var in []op.Shape
		for _, p := range row.Params {
			s, ok := args[p.Name]
			if b.Has = append(b.Has, ok); ok {
				in = append(in, s)
			}
		}
		out, err := b.ShapeOf(in)
		if err != nil {
			t.Fatal(err)
		}
		return out[0]
	}
	name := op.Const("X.csv")
	for _, c := range []struct {
		stale bool
		args  map[string]op.Shape
		want  op.Shape
	}{
		{false, map[string]op.Shape{"file": name}, op.Dims(3, 2)},
		{false, map[string]op.Shape{"file": name, "header": op.Const(true), "naStrings": op.NoShape}, op.Dims(2, 2)},
		{false, map[string]op.Shape{"file": name, "header": op.NoShape}, op.NoShape},
		{false, map[string]op.Shape{"file": op.ScalarShape, "rows": op.Const(int64(7)), "cols": op.ScalarShape}, op.Dims(7, -1)},
		{true, map[string]op.Shape{"file": name}, op.NoShape},
	} {
		if got := shape(c.stale, c.args); got != c.want {
			t.Errorf("stale %v, %v: %v, want %v", c.stale, c.args, got, c.want)
		}
	}
}
