package lambda

import (
	"slices"
	"strconv"
	"strings"
)

// code computes the value of an expression; env holds the arguments.
type code func(env []any) (any, error)

// Func is a parsed lambda.
type Func struct {
	params []string
	body   code
	outer  string // the static function that the whole body calls, "" for another form
}

// Arity returns the number of parameters, 1 or 2.
func (f *Func) Arity() int { return len(f.params) }

// Outer returns the static function that the whole body is a call of, such as
// UtilFunctions.jaccardSim, and "" for any other body.
func (f *Func) Outer() string { return f.outer }

// Call computes the lambda for as many arguments as it has parameters.
func (f *Func) Call(args ...any) (any, error) { return f.body(args) }

// maxDepth is how deep expressions may nest.
const maxDepth = 200

type parser struct {
	text   string
	toks   []token
	pos    int
	depth  int
	params []string
}

// Parse reads "x -> expression" or "(x, y) -> expression".
func Parse(text string) (*Func, error) {
	toks, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{text: text, toks: toks}
	if err := p.parameters(); err != nil {
		return nil, err
	}
	start := p.pos
	body, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != end {
		return nil, p.fault(t, "", "unexpected %s behind the expression", t)
	}
	f := &Func{params: p.params, body: body}
	if p.wholeCall(start) {
		f.outer = toks[start].text + "." + toks[start+2].text
	}
	return f, nil
}

// wholeCall reports whether the tokens from start on are Name.name( ... ) and nothing else.
func (p *parser) wholeCall(start int) bool {
	t := p.toks[start:]
	if len(t) < 6 || t[0].kind != ident || t[1].text != "." || t[2].kind != ident || t[3].text != "(" || statics[t[0].text] == nil {
		return false
	}
	depth := 0
	for i, tok := range t[3:] {
		if tok.kind != mark {
			continue
		}
		switch tok.text {
		case "(":
			depth++
		case ")":
			if depth--; depth == 0 {
				return t[3+i+1].kind == end
			}
		}
	}
	return false
}

func (p *parser) fault(t token, hint, format string, args ...any) error {
	return faultAt(p.text, t.at, hint, format, args...)
}

func (p *parser) peek() token { return p.toks[p.pos] }

func (p *parser) next() token {
	t := p.toks[p.pos]
	if t.kind != end {
		p.pos++
	}
	return t
}

// accept skips the mark s if it comes next.
func (p *parser) accept(s string) bool {
	if t := p.peek(); t.kind == mark && t.text == s {
		p.pos++
		return true
	}
	return false
}

func (p *parser) expect(s, why string) error {
	if !p.accept(s) {
		return p.fault(p.peek(), "", "%q is needed %s, found %s", s, why, p.peek())
	}
	return nil
}

func (p *parser) parameters() error {
	paren := p.accept("(")
	for {
		t := p.next()
		if t.kind != ident {
			return p.fault(t, `for example "x -> x.trim()"`, "a parameter is needed, found %s", t)
		}
		p.params = append(p.params, t.text)
		if !paren || !p.accept(",") {
			break
		}
	}
	if paren {
		if err := p.expect(")", "behind the parameters"); err != nil {
			return err
		}
	}
	if len(p.params) > 2 {
		return p.fault(p.toks[0], "", "a lambda has one or two parameters, not %d", len(p.params))
	}
	if !p.accept("->") {
		return p.fault(p.peek(), `for example "x -> x.trim()"`, "an arrow is needed behind the parameters, found %s", p.peek())
	}
	return nil
}

// precedence of binary operators; the conditional binds looser than all of them.
var precedence = map[string]int{"?": 1, "||": 2, "&&": 3, "|": 4, "^": 5, "&": 6, "==": 7, "!=": 7,
	"<": 8, ">": 8, "<=": 8, ">=": 8, "<<": 9, ">>": 9, ">>>": 9, "+": 10, "-": 10, "*": 11, "/": 11, "%": 11}

// expr parses operators that bind tighter than least.
func (p *parser) expr(least int) (code, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fault(p.peek(), "", "the expression nests too deep")
	}
	defer func() { p.depth-- }()
	left, err := p.unary()
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		prec := precedence[t.text]
		if t.kind != mark || prec <= least {
			return left, nil
		}
		p.next()
		if t.text == "?" {
			if left, err = p.conditional(left); err != nil {
				return nil, err
			}
			continue
		}
		right, err := p.expr(prec)
		if err != nil {
			return nil, err
		}
		left = binary(t.text, left, right)
	}
}

func (p *parser) conditional(cond code) (code, error) {
	yes, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	if err := p.expect(":", "in a conditional"); err != nil {
		return nil, err
	}
	no, err := p.expr(0)
	if err != nil {
		return nil, err
	}
	return choose(cond, yes, no), nil
}

func (p *parser) unary() (code, error) {
	t := p.peek()
	if t.kind == mark && slices.Contains([]string{"-", "+", "!", "~"}, t.text) {
		p.next()
		x, err := p.operand()
		if err != nil {
			return nil, err
		}
		return prefix(t.text, x), nil
	}
	if to, ok := p.cast(); ok {
		x, err := p.operand()
		if err != nil {
			return nil, err
		}
		return convert(to, x), nil
	}
	x, err := p.primary()
	if err != nil {
		return nil, err
	}
	return p.postfix(x)
}

// operand is unary below a prefix operator.
func (p *parser) operand() (code, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.fault(p.peek(), "", "the expression nests too deep")
	}
	defer func() { p.depth-- }()
	return p.unary()
}

// cast skips (type) if it comes next.
func (p *parser) cast() (string, bool) {
	t := p.toks[p.pos:]
	if len(t) > 3 && t[0].text == "(" && t[0].kind == mark && t[1].kind == ident && t[2].text == ")" && casts[t[1].text] != nil {
		p.pos += 3
		return t[1].text, true
	}
	return "", false
}

func (p *parser) primary() (code, error) {
	t := p.next()
	switch t.kind {
	case numberLit:
		return p.number(t)
	case stringLit:
		return constant(t.text), nil
	case charLit:
		if r := []rune(t.text); len(r) == 1 {
			return constant(Char(r[0])), nil
		}
		return nil, p.fault(t, "put strings in double quotes", "a char in single quotes has one character, not %q", t.text)
	case ident:
		return p.name(t)
	}
	if t.text == "(" && t.kind == mark {
		x, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		return x, p.expect(")", "to close the parenthesis")
	}
	return nil, p.fault(t, "", "an expression is needed, found %s", t)
}

// name parses what starts with an identifier: a constant, a parameter, new, or a static function.
func (p *parser) name(t token) (code, error) {
	switch t.text {
	case "true", "false":
		return constant(t.text == "true"), nil
	case "null":
		return constant(nil), nil
	case "new":
		return p.array(t)
	}
	if k := slices.Index(p.params, t.text); k >= 0 {
		return func(env []any) (any, error) { return env[k], nil }, nil
	}
	class := statics[t.text]
	if class == nil {
		return nil, p.fault(t, "the parameter is called "+strings.Join(p.params, " and ")+"; classes are "+strings.Join(classNames(), ", "), "unknown name %q", t.text)
	}
	if err := p.expect(".", "behind "+t.text); err != nil {
		return nil, err
	}
	f := p.next()
	if c, ok := constants[t.text+"."+f.text]; ok {
		return constant(c), nil
	}
	fn, ok := class[f.text]
	if !ok {
		return nil, p.fault(f, "there are "+strings.Join(keys(class), ", "), "%s has no function %s", t.text, f)
	}
	args, err := p.arguments(f, fn)
	if err != nil {
		return nil, err
	}
	return call(fn, t.text+"."+f.text, args), nil
}

// array parses new String[]{a, b}.
func (p *parser) array(t token) (code, error) {
	elem := p.next()
	if casts[elem.text] == nil || elem.kind != ident {
		return nil, p.fault(elem, `for example "new String[]{a, b}"`, "new makes arrays of strings and numbers only, not %s", elem)
	}
	for _, m := range []string{"[", "]", "{"} {
		if err := p.expect(m, `in "new String[]{...}"`); err != nil {
			return nil, err
		}
	}
	items, err := p.list("}")
	if err != nil {
		return nil, err
	}
	return arrayOf(elem.text, items), nil
}

// list parses expressions up to the closing mark.
func (p *parser) list(closing string) ([]code, error) {
	var out []code
	for !p.accept(closing) {
		if len(out) > 0 {
			if err := p.expect(",", "or "+strconv.Quote(closing)); err != nil {
				return nil, err
			}
		}
		x, err := p.expr(0)
		if err != nil {
			return nil, err
		}
		out = append(out, x)
	}
	return out, nil
}

// arguments parses the arguments of f and checks their number.
func (p *parser) arguments(name token, f function) ([]code, error) {
	if err := p.expect("(", "behind "+name.text); err != nil {
		return nil, err
	}
	args, err := p.list(")")
	if err != nil {
		return nil, err
	}
	if n := len(args); n < f.min || n > f.max {
		want := strconv.Itoa(f.min)
		if f.max > f.min {
			want += " to " + strconv.Itoa(f.max)
		}
		return nil, p.fault(name, "", "%s takes %s arguments, not %d", name.text, want, n)
	}
	return args, nil
}

// postfix parses indexes, methods and .length.
func (p *parser) postfix(x code) (code, error) {
	for {
		switch {
		case p.accept("["):
			i, err := p.expr(0)
			if err != nil {
				return nil, err
			}
			if err := p.expect("]", "behind the index"); err != nil {
				return nil, err
			}
			x = index(x, i)
		case p.accept("."):
			name := p.next()
			if t := p.peek(); name.text == "length" && (t.kind != mark || t.text != "(") {
				x = arrayLength(x)
				continue
			}
			fn, ok := methods[name.text]
			if !ok {
				return nil, p.fault(name, "there are "+strings.Join(keys(methods), ", "), "unknown method %s", name)
			}
			args, err := p.arguments(name, fn)
			if err != nil {
				return nil, err
			}
			x = call(fn, name.text, append([]code{x}, args...))
		default:
			return x, nil
		}
	}
}

func (p *parser) number(t token) (code, error) {
	s := strings.ToLower(t.text)
	hex := strings.HasPrefix(s, "0x")
	switch last := s[len(s)-1]; {
	case last == 'l':
		if v, err := strconv.ParseInt(s[:len(s)-1], 0, 64); err == nil {
			return constant(v), nil
		}
	case hex:
		if v, err := strconv.ParseUint(s[2:], 16, 32); err == nil {
			return constant(int32(uint32(v))), nil
		}
	case last == 'f':
		if v, err := strconv.ParseFloat(s[:len(s)-1], 32); err == nil {
			return constant(float32(v)), nil
		}
	case strings.ContainsAny(s, ".ed"):
		if v, err := strconv.ParseFloat(strings.TrimSuffix(s, "d"), 64); err == nil {
			return constant(v), nil
		}
	default:
		if v, err := strconv.ParseInt(s, 10, 32); err == nil {
			return constant(int32(v)), nil
		}
		return nil, p.fault(t, "append L for a long", "the int %s is too large", t.text)
	}
	return nil, p.fault(t, "", "%s is no number", t)
}
