package parse

import (
	"maps"
	"slices"
	"sort"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
)

// funcDef parses the body of a function whose head is f, and makes its tree. Its
// errors do not lose the body, so that the errors in it are found too.
func (p *parser) funcDef(f *simple, start lexer.Checkpoint, top bool) ast.Stmt {
	if t := p.lex.Peek(); kind(t) != token.LBrace {
		p.syntax(start, &failure{tok: *t, want: `"{" with the body of the function`})
		return nil
	}
	name, ok := f.Left.(*ast.Ident)
	switch {
	case !ok:
		p.meaningless(f.Left.Span(), "a function needs a plain name", "write name = function(...)")
	case kind(last(f.Op)) == token.AddAssign:
		p.meaningless(span(last(f.Op)), "a function cannot be added to", "write name = function(...)")
		ok = false
	}
	if !top {
		p.report(diag.Diagnostic{
			Code: diag.MisplacedFunction, Span: span(last(f.Func.Keyword)),
			Msg:  "a function must be defined at top level, not in a block",
			Hint: "functions see only their parameters, so nothing is lost by moving it out",
		})
		ok = false
	}
	d := &ast.FuncDef{Name: name}
	d.Params = p.params(f.Func.Params, "parameter", &ok)
	d.Results = p.params(f.Func.Results, "result", &ok)
	errs := p.diags.Errors()
	d.Body = p.body()
	d.Pos = p.from(f.Left.Span())
	if !ok {
		return nil
	}
	if len(d.Body.Stmts) == 0 && p.diags.Errors() == errs {
		p.report(diag.Diagnostic{
			Code: diag.EmptyFunction, Span: name.At, Msg: "function " + name.Name + " has no statements",
			Hint: "a body needs at least one statement",
		})
		return nil
	}
	d.Doc = p.doc(d.At)
	return d
}

// params converts parameters or results. It clears ok when it reports an error.
func (p *parser) params(forms []*paramForm, what string, ok *bool) []ast.FuncParam {
	var ps []ast.FuncParam
	for _, f := range forms {
		t := f.Type.form()
		if f.Name == nil {
			p.nameless(t, what)
			*ok = false
			continue
		}
		x := ast.FuncParam{Name: p.plain(last(f.Name)), TypePos: span(&t.word), Default: f.Default}
		x.At = span(&t.word).To(x.Name.At)
		if t.bracket {
			x.TypePos = x.TypePos.To(source.Span{Start: span(&t.elem).Start, End: span(&t.elem).End + 1})
		}
		if f.Default != nil {
			x.At = x.At.To(f.Default.Span())
		}
		if f.Default != nil && what == "result" {
			p.report(diag.Diagnostic{
				Code: diag.Syntax, Span: f.Default.Span(), Msg: "a result has no default value",
				Hint: "assign it in the body of the function",
			})
			*ok = false
		}
		typ, good := p.typeOf(t)
		if !good {
			*ok = false
		}
		x.Type = typ
		ps = append(ps, x)
	}
	return ps
}

// nameless reports a parameter of which only one word is there.
func (p *parser) nameless(t *typeForm, what string) {
	d := diag.Diagnostic{Code: diag.Syntax, Span: span(&t.word)}
	if t.bracket || kind(&t.word).IsValueType() {
		d.Msg = what + " of type " + t.String() + " has no name"
		d.Hint = "write the name after the type"
	} else {
		d.Msg = what + " " + t.word.Value + " has no type"
		d.Hint = "write the type before the name, for example double " + t.word.Value + " or matrix[double] " + t.word.Value
	}
	p.report(d)
}

func (t *typeForm) String() string {
	if t.bracket {
		return t.word.Value + "[" + t.elem.Value + "]"
	}
	return t.word.Value
}

// valueTypes and dataTypes are the type words of signatures (language reference §5.2).
var valueTypes = map[token.Kind]types.Elem{
	token.KwInt: types.Int, token.KwInteger: types.Int, token.KwIntC: types.Int, token.KwIntegerC: types.Int,
	token.KwDouble: types.Double, token.KwDoubleC: types.Double,
	token.KwBoolean: types.Bool, token.KwBooleanC: types.Bool,
	token.KwString: types.String, token.KwStringC: types.String,
	token.KwUnknown: types.AnyElem, token.KwUnknownC: types.AnyElem,
}

var dataTypes = map[string]types.Data{
	"scalar": types.Scalar, "matrix": types.Matrix, "frame": types.Frame, "list": types.List, "tensor": types.Tensor,
	"Scalar": types.Scalar, "Matrix": types.Matrix, "Frame": types.Frame, "List": types.List, "Tensor": types.Tensor,
}

// alike maps type words of other languages to ours.
var alike = map[string]string{
	"float": "double", "fp64": "double", "fp32": "double", "numeric": "double", "number": "double", "real": "double",
	"bool": "boolean", "logical": "boolean", "str": "string", "char": "string", "character": "string",
	"long": "int", "int32": "int", "int64": "int", "vector": "matrix", "data.frame": "frame",
	"any": "unknown", "object": "unknown",
}

// typeOf gives the meaning of a written type.
func (p *parser) typeOf(t *typeForm) (types.Type, bool) {
	elem, isElem := valueTypes[kind(&t.word)]
	if !t.bracket {
		if isElem {
			return types.Type{Data: types.Scalar, Elem: elem}, true
		}
		if _, ok := dataTypes[t.word.Value]; ok {
			return p.badType(&t.word, "type "+t.word.Value+" needs the type of its values", t.word.Value+"[unknown]")
		}
		return p.badType(&t.word, "unknown type "+t.word.Value, similar(t.word.Value, true))
	}
	data, ok := dataTypes[t.word.Value]
	if !ok {
		return p.badType(&t.word, "unknown data type "+t.word.Value, similar(t.word.Value, false))
	}
	elem, isElem = valueTypes[kind(&t.elem)]
	if !isElem {
		return p.badType(&t.elem, "unknown value type "+t.elem.Value, similar(t.elem.Value, true))
	}
	return types.Type{Data: data, Elem: elem}, true
}

func (p *parser) badType(t *lexer.Token, msg, instead string) (types.Type, bool) {
	hint := "value types are int, double, boolean, string and unknown; data types matrix, frame, list, tensor and scalar"
	switch _, data := dataTypes[t.Value]; {
	case data && (t.Value == "matrix" || t.Value == "Matrix"):
		hint = "write " + t.Value + "[double]"
	case data:
		hint = "write " + instead
	case instead != "":
		hint = "did you mean " + instead + "?"
	}
	p.report(diag.Diagnostic{Code: diag.BadTypeWord, Span: span(t), Msg: msg, Hint: hint})
	return types.Any, false
}

// similar finds the type that was probably meant by a word, or "". Value is set
// where only the type of values can stand.
func similar(word string, value bool) string {
	w := alike[strings.ToLower(word)]
	if w == "" {
		w, _ = diag.Nearest(word, typeWords())
	}
	if _, ok := dataTypes[w]; ok && value {
		return w + "[double]"
	}
	return w
}

// typeWords lists all type words in a fixed order.
func typeWords() []string {
	var words []string
	for k := token.KwInt; k.IsValueType(); k++ {
		words = append(words, k.String())
	}
	return append(words, slices.Sorted(maps.Keys(dataTypes))...)
}

// doc returns the text of the comments that end on the line above a definition.
func (p *parser) doc(def source.Span) string {
	line := p.file.Position(def.Start).Line
	cs := p.scan.comments
	i := sort.Search(len(cs), func(i int) bool { return cs[i].At.Start >= def.Start })
	var parts []string
	for i--; i >= 0; i-- {
		if p.file.Position(cs[i].At.End).Line != line-1 || !p.opensLine(cs[i].At.Start) {
			break
		}
		line = p.file.Position(cs[i].At.Start).Line
		parts = append(parts, commentText(cs[i].Text))
	}
	slices.Reverse(parts)
	return strings.Trim(strings.Join(parts, "\n"), "\n")
}

// opensLine reports whether only blanks stand before a position on its line.
func (p *parser) opensLine(at source.Pos) bool {
	before := strings.TrimRight(p.file.Text[:p.file.Offset(at)], " \t")
	return before == "" || strings.HasSuffix(before, "\n") || strings.HasSuffix(before, "\r")
}

// commentText removes the marks of a comment: #, /* and */, the asterisks that
// often begin the lines of the latter, and one blank.
func commentText(text string) string {
	if rest, ok := strings.CutPrefix(text, "#"); ok {
		rest = strings.TrimLeft(rest, "#")
		return strings.TrimRight(strings.TrimPrefix(rest, " "), " \t\r")
	}
	lines := strings.Split(text[len("/*"):len(text)-len("*/")], "\n")
	for i, l := range lines {
		l = strings.TrimSpace(l)
		l = strings.TrimLeft(l, "*")
		lines[i] = strings.TrimPrefix(l, " ")
	}
	return strings.Trim(strings.Join(lines, "\n"), "\n ")
}
