package transform

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"
)

// posix are the named classes that the reference writes as \p{Name} and this engine as [:name:].
var posix = map[string]string{
	"Lower": "lower", "Upper": "upper", "ASCII": "ascii", "Alpha": "alpha", "Digit": "digit", "Alnum": "alnum",
	"Punct": "punct", "Graph": "graph", "Print": "print", "Blank": "blank", "Cntrl": "cntrl", "XDigit": "xdigit", "Space": "space",
}

// Regexp compiles a regular expression of the reference's platform. Classes such as
// \p{Alnum} are translated; what needs backtracking (look-around, back references,
// possessive repetition) is an error.
func Regexp(expr string) (*regexp.Regexp, error) {
	var b strings.Builder
	inClass := false
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		if c == '\\' && i+1 < len(expr) {
			n := posixClass(&b, expr[i:], inClass)
			if n == 0 {
				b.WriteString(expr[i : i+2])
				n = 2
			}
			i += n - 1
			continue
		}
		switch {
		case c == '[' && inClass:
			b.WriteByte('\\') // an inner bracket is no named class here
		case c == '[':
			inClass = true
		case c == ']':
			inClass = false
		}
		b.WriteByte(c)
	}
	re, err := regexp.Compile(b.String())
	if err != nil {
		return nil, fmt.Errorf("the regular expression %q cannot be used: %s", expr, refusal(err))
	}
	return re, nil
}

// refusal words why an expression is not accepted. What the reference's platform would
// take and this one does not is named.
func refusal(err error) string {
	e, ok := errors.AsType[*syntax.Error](err)
	if !ok {
		return err.Error()
	}
	for _, around := range []string{"(?=", "(?!", "(?<=", "(?<!"} {
		if strings.HasPrefix(e.Expr, around) {
			return "look-around, " + around + "...), is not supported"
		}
	}
	switch {
	case e.Code == syntax.ErrInvalidEscape && e.Expr[len(e.Expr)-1] >= '1' && e.Expr[len(e.Expr)-1] <= '9':
		return "the back reference " + e.Expr + " is not supported"
	case e.Code == syntax.ErrInvalidRepeatOp && strings.HasSuffix(e.Expr, "+"):
		return "the possessive repetition " + e.Expr + " is not supported"
	}
	return e.Code.String() + ": " + e.Expr
}

// posixClass translates \p{Name} or \P{Name} at the start of expr and returns how many
// bytes it took, 0 when there is none of them.
func posixClass(b *strings.Builder, expr string, inClass bool) int {
	rest, ok := strings.CutPrefix(expr[1:], "p{")
	neg := ""
	if !ok {
		if rest, ok = strings.CutPrefix(expr[1:], "P{"); !ok {
			return 0
		}
		neg = "^"
	}
	name, _, closed := strings.Cut(rest, "}")
	class, known := posix[name]
	if !closed || !known {
		return 0
	}
	class = "[:" + neg + class + ":]"
	if !inClass {
		class = "[" + class + "]"
	}
	b.WriteString(class)
	return len(`\p{`) + len(name) + 1
}
