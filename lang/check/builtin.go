package check

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/types"
)

// builtinCall is one call of a builtin while it is bound. It is what Signature.Check sees.
type builtinCall struct {
	c     *checker
	call  *ast.Call
	sig   *types.Signature
	args  []ast.Expr   // in parameter order, a variadic parameter's one after the other
	types []types.Type // of args, Any for missing ones
	names []string     // of function names passed as arguments, by index into args
}

// bindBuiltin matches the arguments of a builtin call with its parameters and reports
// everything that is wrong with the call.
func (c *checker) bindBuiltin(e *ast.Call, sig *types.Signature) *Target {
	b := &builtinCall{c: c, call: e, sig: sig}
	t := &Target{Builtin: sig, Name: sig.Name}
	switch {
	case sig.Binding == types.Collect:
		b.collect()
		for _, a := range e.Args {
			t.Names = append(t.Names, a.Name)
		}
	case sig.Binding == types.Named || len(e.Args) > 0 && allNamed(e.Args):
		b.byName()
	default:
		b.byPosition()
	}
	b.evaluate()
	b.checkTypes()
	b.checkWords()
	b.checkRow()
	t.Args = b.args
	t.Results = sig.Results
	switch {
	case sig.ResultFor != nil:
		t.Results = sig.ResultFor(b)
	case sig.ResultOf != nil:
		t.Results = sig.ResultOf(b.types)
	}
	return t
}

// param returns the parameter of argument i; surplus arguments belong to the last one.
func (b *builtinCall) param(i int) types.Param {
	if len(b.sig.Params) == 0 {
		return types.Param{}
	}
	return b.sig.Params[min(i, len(b.sig.Params)-1)]
}

func (b *builtinCall) variadic() bool {
	n := len(b.sig.Params)
	return n > 0 && b.sig.Params[n-1].Variadic
}

func (b *builtinCall) fail(at source.Span, hint, format string, args ...any) {
	if hint == "" {
		hint = "usage: " + b.sig.String()
	}
	b.c.report(diag.Diagnostic{
		Code: diag.BadArguments, Span: at, Context: b.call.At, Msg: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// collect takes the arguments as written.
func (b *builtinCall) collect() {
	for _, a := range b.call.Args {
		b.args = append(b.args, a.Value)
	}
	b.checkCount()
}

// byPosition takes the arguments as written and ignores their names, as the language
// does. A name that belongs to another position is worth a warning.
func (b *builtinCall) byPosition() {
	for i, a := range b.call.Args {
		b.args = append(b.args, a.Value)
		if j := paramIndex(b.sig, a.Name); a.Name != "" && j >= 0 && j != i {
			b.c.warnf(diag.BadArguments, a.NamePos, "usage: "+b.sig.String(),
				"%s takes its arguments by position: the name %s is ignored", b.call.Name, a.Name)
		}
	}
	b.checkCount()
}

// checkCount compares the number of arguments with the parameters, and pads them.
func (b *builtinCall) checkCount() {
	need, most := 0, len(b.sig.Params)
	for i, p := range b.sig.Params {
		if !p.Optional && !p.Variadic {
			need = i + 1
		}
	}
	got := len(b.args)
	switch {
	case got < need && need == most && !b.variadic():
		b.fail(b.call.FnPos, "", "%s needs %s, not %d", b.call.Name, count(need, "argument"), got)
	case got < need:
		b.fail(b.call.FnPos, "", "%s needs at least %s, not %d", b.call.Name, count(need, "argument"), got)
	case got > most && !b.variadic():
		b.fail(b.args[most].Span(), "", "%s takes at most %s, not %d", b.call.Name, count(most, "argument"), got)
		b.args = b.args[:most]
	}
	for b.sig.Binding != types.Collect && len(b.args) < most {
		b.args = append(b.args, nil)
	}
}

// byName matches names with parameters; leading unnamed arguments are taken in order.
func (b *builtinCall) byName() {
	b.args = make([]ast.Expr, len(b.sig.Params))
	seen, unknown := false, 0
	for i, a := range b.call.Args {
		j := paramIndex(b.sig, a.Name)
		switch {
		case a.Name == "" && seen:
			b.fail(a.Value.Span(), "write name="+b.c.text(a.Value.Span()), "after a named argument of %s all others need a name", b.call.Name)
		case a.Name == "" && i < len(b.sig.Params) && b.sig.Params[i].Keyword:
			name := b.sig.Params[i].Name
			b.fail(a.Value.Span(), "write "+name+"="+b.c.text(a.Value.Span()), "%s takes %s by name only", b.call.Name, name)
		case a.Name == "" && b.sig.NamesOnly:
			b.fail(a.Value.Span(), "", "the arguments of %s need names", b.call.Name)
		case a.Name == "" && i < len(b.sig.Params):
			b.args[i] = a.Value
		case a.Name == "" && b.variadic():
			b.args = append(b.args, a.Value)
		case a.Name == "":
			b.fail(a.Value.Span(), "", "%s takes at most %s, not %d", b.call.Name, count(len(b.sig.Params), "argument"), len(b.call.Args))
		case j < 0 && slices.Contains(b.sig.Ignored, a.Name):
			b.c.value(a.Value)
			b.c.warnf(diag.BadArguments, a.NamePos, "leave it out", "%s ignores %s", b.call.Name, a.Name)
		case j < 0:
			unknown++
			b.fail(a.NamePos, b.c.near(a.Name, paramNames(b.sig), ""), "%s has no parameter %s", b.call.Name, a.Name)
		case b.args[j] != nil:
			b.fail(a.NamePos, "", "argument %s of %s is passed twice", a.Name, b.call.Name)
		default:
			b.args[j] = a.Value
		}
		seen = seen || a.Name != ""
	}
	var missing []string
	for i, p := range b.sig.Params {
		if b.args[i] == nil && !p.Optional && !p.Variadic {
			missing = append(missing, p.Name)
		}
	}
	if len(missing) > unknown { // an unknown name may be a missing one misspelt
		b.fail(b.call.FnPos, "", "%s needs the argument %s", b.call.Name, strings.Join(missing, ", "))
	}
}

func paramIndex(sig *types.Signature, name string) int {
	return slices.IndexFunc(sig.Params, func(p types.Param) bool { return p.Name == name })
}

func paramNames(sig *types.Signature) []string {
	var ns []string
	for _, p := range sig.Params {
		ns = append(ns, p.Name)
	}
	return ns
}

// evaluate checks the argument expressions, those that were not bound included.
func (b *builtinCall) evaluate() {
	b.types = make([]types.Type, len(b.args))
	b.names = make([]string, len(b.args))
	for _, a := range b.call.Args {
		i := slices.Index(b.args, a.Value)
		if i < 0 {
			b.argument(types.Param{}, a.Value)
			continue
		}
		p := b.param(i)
		if lit, name := b.reference(p, a.Value); lit != nil {
			b.args[i], b.names[i], b.types[i] = lit, name, types.Str
			continue
		}
		b.types[i] = b.argument(p, a.Value)
	}
}

// argument checks one argument expression; expression lists are allowed here.
func (b *builtinCall) argument(p types.Param, e ast.Expr) types.Type {
	if v, ok := ast.Unparen(e).(*ast.Vector); ok {
		t := b.c.vector(v)
		b.c.info.Types[e] = t
		return t
	}
	return b.c.value(e)
}

// reference replaces an argument that names something instead of having a value: a
// function, given by its bare name or as a constant string, and the variable of
// exists(x). It returns nil for every other argument.
func (b *builtinCall) reference(p types.Param, e ast.Expr) (lit *ast.StrLit, name string) {
	c := b.c
	id, isIdent := ast.Unparen(e).(*ast.Ident)
	known := false
	if isIdent {
		_, known = c.scope.env.vars[id.Name]
	}
	switch {
	case p.Func && isIdent && !known:
		name = id.Name
	case p.Func:
		if s, ok := c.constant(e).(string); ok {
			name = s
		}
	case b.sig.Name == "exists" && isIdent:
		return c.literal(e, id.Name), id.Name
	}
	if name == "" {
		return nil, ""
	}
	if isIdent {
		c.info.Types[id] = types.Str
	} else {
		c.value(e)
	}
	f := c.lookup(name)
	if f == nil {
		if b.sig.Check == nil {
			c.fail(diag.UndefinedFunction, e.Span(), c.near(name, c.inSight(), ""), "unknown function %s", name)
		}
		return c.literal(e, name), name
	}
	lit = c.literal(e, f.Key)
	c.info.Refs[lit] = f
	return lit, name
}

// literal makes a string literal that stands in for an argument.
func (c *checker) literal(e ast.Expr, s string) *ast.StrLit {
	lit := &ast.StrLit{Value: s}
	lit.At = e.Span()
	c.info.Types[lit] = types.Str
	return lit
}

func (b *builtinCall) checkTypes() {
	for i, e := range b.args {
		if e == nil || len(b.sig.Params) == 0 {
			continue
		}
		p := b.param(i)
		want, got := norm(p.Type), b.types[i]
		text := want.IsNumeric() && got == types.Str
		if want.Accepts(got) && !text || p.Or == got.Data {
			continue
		}
		hint := b.c.convertHint(e, want, got)
		if text {
			hint = "use as.double(" + b.c.text(e.Span()) + ")"
		}
		b.c.fail(diag.TypeMismatch, e.Span(), hint, "argument %s of %s must be %s, not %s",
			p.Name, b.call.Name, article(kind(want)), article(kind(got)))
	}
}

// checkWords compares constant strings with the legal words of their parameters.
func (b *builtinCall) checkWords() {
	for i, e := range b.args {
		if e == nil || len(b.param(i).Enum) == 0 {
			continue
		}
		v := b.c.constant(e)
		s, ok := v.(string)
		if b.param(i).AnyCase {
			s = strings.ToLower(s)
		}
		if v == nil || ok && slices.Contains(b.param(i).Enum, s) {
			continue
		}
		words := "legal: " + strings.Join(quoteAll(b.param(i).Enum), ", ")
		if !ok {
			b.c.fail(diag.BadWord, e.Span(), words, "%s of %s must be a word", b.param(i).Name, b.call.Name)
			continue
		}
		hint := words
		if near, ok := diag.Nearest(s, b.param(i).Enum); ok {
			hint = "did you mean " + strconv.Quote(near) + "? " + words
		}
		b.c.fail(diag.BadWord, e.Span(), hint, "unknown %s %q", b.param(i).Name, s)
	}
}

func quoteAll(words []string) []string {
	qs := make([]string, len(words))
	for i, w := range words {
		qs[i] = strconv.Quote(w)
	}
	return qs
}

// checkRow runs the builtin's own check.
func (b *builtinCall) checkRow() {
	if b.sig.Check == nil {
		return
	}
	for _, p := range b.sig.Check(b) {
		d := diag.Diagnostic{Code: diag.Code(p.Code), Span: b.call.FnPos, Context: b.call.At, Msg: p.Msg, Hint: p.Hint}
		if d.Code == diag.None {
			d.Code = diag.BadValue
		}
		if b.Has(p.Arg) {
			d.Span = b.args[p.Arg].Span()
		}
		heals := b.c.mayHeal(d.Code)
		if heals && b.c.wrote && b.c.fn == nil {
			continue // the file is likely to be the one that the script wrote; if not, the run says so
		}
		if p.Warn || heals {
			d.Severity = diag.Warning
		}
		b.c.report(d)
	}
}

// mayHeal reports whether a fault of this kind may be gone by the time the code runs, so
// that it is only a warning: a file that is missing at compile time can be made by the
// script, and conditional code or a function may not run at all.
func (c *checker) mayHeal(code diag.Code) bool {
	switch code {
	case diag.FileMissing, diag.BadMetadata, diag.BadData:
		return c.cond > 0 || c.fn != nil || c.wrote
	}
	return false
}

// Has implements types.Call.
func (b *builtinCall) Has(i int) bool { return i >= 0 && i < len(b.args) && b.args[i] != nil }

// Literal implements types.Call. A function argument gives the name as written.
func (b *builtinCall) Literal(i int) (any, bool) {
	if !b.Has(i) {
		return nil, false
	}
	if b.names[i] != "" {
		return b.names[i], true
	}
	v := b.c.constant(b.args[i])
	return v, v != nil
}

// TypeOf implements types.Call.
func (b *builtinCall) TypeOf(i int) types.Type {
	if !b.Has(i) {
		return types.Any
	}
	return b.types[i]
}

// Function implements types.Call.
func (b *builtinCall) Function(key string) (types.FuncSig, bool) {
	if f := b.c.lookup(key); f != nil {
		return FuncSig(f), true
	}
	return types.FuncSig{}, false
}

// Functions implements types.Call.
func (b *builtinCall) Functions() []string {
	ns := b.c.inSight()
	if b.c.cfg.Loader != nil {
		ns = append(ns, b.c.cfg.Loader.LibraryNames()...)
	}
	return ns
}

// lookup finds a function by the name that a string argument gives: plain f (this file,
// then the main script, then the library), alias::f, <path>::f or .defaultNS::f.
func (c *checker) lookup(key string) *Func {
	i := strings.LastIndex(key, "::")
	if i < 0 {
		if f := c.unit.Funcs[key]; f != nil {
			return f
		}
		if f := c.info.Main.Funcs[key]; f != nil {
			return f
		}
		if c.isBuiltin(key) {
			return nil
		}
		if u := c.libraryUnit(key, source.Span{}); u != nil {
			return variant(u, key, types.Any, false)
		}
		return nil
	}
	ns, name := key[:i], key[i+2:]
	if u := c.unit.Aliases[ns]; u != nil {
		return u.Funcs[name]
	}
	if u := c.libraryOwner(name); ns == LibraryKey && u != nil {
		return u.Funcs[name]
	}
	for k, u := range c.info.Units {
		if cleanPath(k) == cleanPath(ns) {
			return u.Funcs[name]
		}
	}
	return nil
}

// cleanPath brings the forms of a path in a function key together: a/b.dml, ./a/b.dml, .\a\b.dml.
func cleanPath(p string) string {
	return path.Clean(strings.ReplaceAll(p, `\`, "/"))
}

// inSight lists the functions that a string argument can name without a path.
func (c *checker) inSight() []string {
	ns := funcNames(c.unit)
	if c.unit != c.info.Main {
		ns = append(ns, funcNames(c.info.Main)...)
	}
	for alias, u := range c.unit.Aliases {
		for _, n := range funcNames(u) {
			ns = append(ns, alias+"::"+n)
		}
	}
	slices.Sort(ns)
	return slices.Compact(ns)
}

// count writes a number with a noun: "1 argument", "2 arguments".
func count(n int, noun string) string {
	s := strconv.Itoa(n)
	switch {
	case noun == "":
		return s
	case n == 1:
		return s + " " + noun
	}
	return s + " " + noun + "s"
}
