package check

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gdml/lang/diag"
	"gdml/lang/types"
)

// universe is a small set of builtins with every kind of binding and check.
type universe map[string]*types.Signature

func (u universe) Signature(name string) (*types.Signature, bool) {
	s, ok := u[name]
	return s, ok
}

func (u universe) Names() []string {
	var ns []string
	for n := range u {
		ns = append(ns, n)
	}
	slices.Sort(ns)
	return ns
}

func req(name string, t types.Type) types.Param { return types.Param{Name: name, Type: t} }

func opt(name string, t types.Type) types.Param {
	return types.Param{Name: name, Type: t, Optional: true}
}

func rest(name string, t types.Type) types.Param {
	return types.Param{Name: name, Type: t, Variadic: true}
}

func enum(name string, words ...string) types.Param {
	return types.Param{Name: name, Type: types.Str, Optional: true, Enum: words}
}

func sig(name string, b types.Binding, result types.Type, ps ...types.Param) *types.Signature {
	return &types.Signature{Name: name, Params: ps, Binding: b, Results: []types.Type{result}}
}

func statement(name string, b types.Binding, ps ...types.Param) *types.Signature {
	return &types.Signature{Name: name, Params: ps, Binding: b, Statement: true}
}

func multi(name string, b types.Binding, results []types.Type, ps ...types.Param) *types.Signature {
	return &types.Signature{Name: name, Params: ps, Binding: b, Results: results, MultiResult: true}
}

// extreme is the result of min and max: scalars promote, anything else is a matrix.
func extreme(args []types.Type) []types.Type {
	if len(args) == 1 {
		return []types.Type{types.Dbl}
	}
	t := types.IntT
	for _, a := range args {
		switch {
		case a.Data == types.Matrix:
			return []types.Type{types.Mat}
		case a != types.IntT:
			t = types.Dbl
		}
	}
	return []types.Type{t}
}

func newUniverse() universe {
	u := universe{}
	add := func(ss ...*types.Signature) {
		for _, s := range ss {
			u[s.Name] = s
		}
	}
	m, s := types.Mat, types.Scal
	for _, n := range []string{"sum", "mean"} {
		add(sig(n, types.Positional, types.Dbl, req("X", m)))
	}
	for _, n := range []string{"t", "rowSums", "exp2"} {
		add(sig(n, types.Positional, m, req("X", m)))
	}
	for _, n := range []string{"nrow", "ncol", "length"} {
		add(sig(n, types.Positional, types.IntT, req("X", types.Any)))
	}
	add(
		statement("print", types.Collect, req("value", types.Any), rest("args", types.Scal)),
		statement("stop", types.Positional, req("message", types.Scal)),
		statement("assert", types.Positional, req("condition", types.Scal)),
		statement("write", types.Named, req("x", types.Any), req("file", types.Str), enum("format", "csv", "text")),
		sig("matrix", types.Named, m, req("data", types.Any), req("rows", s), req("cols", s), opt("byrow", types.BoolT)),
		sig("rand", types.Named, m, opt("rows", types.IntT), opt("cols", types.IntT), enum("pdf", "uniform", "normal", "poisson"), opt("seed", types.IntT)),
		sig("seq", types.Positional, m, req("from", s), req("to", s), opt("incr", s)),
		sig("table", types.Positional, m, req("A", m), req("B", m), opt("odim1", s), opt("odim2", s)),
		sig("cbind", types.Positional, m, rest("X", types.Any)),
		sig("ceil", types.Positional, types.Dbl, req("x", types.Scal)),
		sig("toString", types.Named, types.Str, req("target", types.Any), opt("rows", types.IntT), opt("sep", types.Str)),
		sig("list", types.Collect, types.ListT, rest("values", types.Any)),
		sig("append", types.Positional, types.ListT, req("L", types.ListT), req("value", types.Any)),
		sig("as.scalar", types.Positional, types.Scal, req("x", types.Any)),
		sig("as.matrix", types.Positional, m, req("x", types.Any)),
		sig("as.frame", types.Positional, types.FrameT, req("x", types.Any)),
		sig("as.integer", types.Positional, types.IntT, req("x", s)),
		sig("as.double", types.Positional, types.Dbl, req("x", s)),
		sig("exists", types.Positional, types.BoolT, req("name", types.Any)),
		sig("conv2d", types.Named, m, req("X", m), req("W", m), req("input_shape", types.ListT)),
		sig("eval", types.Collect, m, types.Param{Name: "f", Type: types.Str, Func: true}, rest("args", types.Any)),
		sig("solve", types.Positional, m, req("A", m), req("b", m)),
		multi("remove", types.Positional, []types.Type{types.ListT, types.ListT}, req("L", types.ListT), req("i", types.Scal)),
		multi("svd", types.Positional, []types.Type{m, m, m}, req("X", m)),
	)
	for _, n := range []string{"min", "max"} {
		x := sig(n, types.Positional, types.Dbl, req("X", types.Any), rest("more", types.Any))
		x.ResultOf = extreme
		add(x)
	}
	read := sig("read", types.Named, m, req("file", types.Str), enum("format", "csv", "text"))
	read.Check = checkRead
	ps := sig("paramserv", types.Named, types.ListT,
		req("model", types.ListT), req("features", m), fn("upd"), fn("agg"), enum("utype", "BSP", "ASP"), opt("k", types.IntT))
	ps.Check = checkPS
	add(read, ps)
	return u
}

func fn(name string) types.Param { return types.Param{Name: name, Type: types.Str, Func: true} }

func checkRead(c types.Call) []types.Problem {
	if name, ok := c.Literal(0); ok && name == "nofile.csv" {
		return []types.Problem{{Arg: 0, Msg: "no such file", Code: uint16(diag.FileMissing)}}
	}
	return nil
}

func checkPS(c types.Call) (ps []types.Problem) {
	for i, want := range map[int]string{2: "features", 3: "gradients"} {
		v, _ := c.Literal(i)
		name, ok := v.(string)
		if !ok {
			continue
		}
		f, ok := c.Function(name)
		if !ok {
			ps = append(ps, types.Problem{Arg: i, Msg: fmt.Sprintf("no function %s among %s", name, strings.Join(c.Functions(), " "))})
			continue
		}
		if !slices.ContainsFunc(f.Params, func(p types.FuncParam) bool { return p.Name == want }) {
			ps = append(ps, types.Problem{Arg: i, Msg: f.Name + " needs a parameter " + want})
		}
	}
	if k, ok := c.Literal(5); ok && k == int64(0) {
		ps = append(ps, types.Problem{Arg: 5, Msg: "k must be at least 1"})
	}
	if !c.Has(5) && c.TypeOf(5) == types.Any && c.TypeOf(1) == types.Any {
		ps = append(ps, types.Problem{Arg: -1, Msg: "features of unknown type", Warn: true})
	}
	return ps
}

// dir is a loader of files below a directory: sourced files in src, library files in lib.
type dir string

func (d dir) Source(path, wd, from string) (key, name, text string, err error) {
	full := filepath.Join(string(d), "src", wd, path)
	b, err := os.ReadFile(full)
	if err != nil {
		return "", "", "", fmt.Errorf("cannot read %s: no such file", path)
	}
	return "./" + filepath.ToSlash(filepath.Join(wd, path)), filepath.Base(path), string(b), nil
}

func (d dir) Library(name string) (key, file, text string, ok bool) {
	b, err := os.ReadFile(filepath.Join(string(d), "lib", name+".dml"))
	return "lib:" + name, name + ".dml", string(b), err == nil
}

func (d dir) LibraryNames() []string {
	fs, _ := filepath.Glob(filepath.Join(string(d), "lib", "*.dml"))
	for i, f := range fs {
		fs[i] = strings.TrimSuffix(filepath.Base(f), ".dml")
	}
	return fs
}
