package lambda

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"gdml/runtime/cell"
)

// statics are the static functions by class.
var statics = map[string]map[string]function{
	"Math": mathFunctions(),
	"String": {
		"valueOf": {min: 1, max: 1, f: func(a []any) (any, error) { return Text(a[0]), nil }},
		"join":    {min: 2, max: 99, f: join},
		"format":  {min: 1, max: 99, f: format},
	},
	"Integer":   {"parseInt": {min: 1, max: 1, f: parseInt}, "valueOf": {min: 1, max: 1, f: parseInt}},
	"Long":      {"parseLong": {min: 1, max: 1, f: parseLong}, "valueOf": {min: 1, max: 1, f: parseLong}},
	"Double":    {"parseDouble": {min: 1, max: 1, f: parseDouble}, "valueOf": {min: 1, max: 1, f: parseDouble}, "isNaN": {min: 1, max: 1, f: func(a []any) (any, error) { f := toFloat(a[0]); return f != f, nil }}},
	"Float":     {"parseFloat": {min: 1, max: 1, f: parseFloat}, "valueOf": {min: 1, max: 1, f: parseFloat}},
	"Boolean":   {"parseBoolean": {min: 1, max: 1, f: parseBool}, "valueOf": {min: 1, max: 1, f: parseBool}},
	"Character": charFunctions(),
	"UtilFunctions": {
		"toMillis":                   {min: 1, max: 2, f: toMillis},
		"dateFormat":                 {min: 2, max: 3, f: dateFormat},
		"getTimestamp":               {min: 1, max: 1, f: timestamps},
		"isDateColumn":               {min: 1, max: 1, f: isDate},
		"getDominantDateFormat":      {min: 1, max: 1, f: dominantFormat},
		"addTimeToDate":              {min: 3, max: 3, f: addTime},
		"splitRecodeEntry":           {min: 1, max: 1, f: splitEntry},
		"getAsciiAtIdx":              {min: 2, max: 2, f: asciiAt},
		"jaccardSim":                 {min: 2, max: 2, f: jaccard},
		"getWordErrorRate":           {min: 2, max: 2, f: wordErrorRate},
		"copyAsStringToArray":        {min: 2, max: 2, f: copyToArray},
		"convertStringToDoubleArray": {min: 1, max: 1, f: doubleArray},
		"columnStringToCSVString":    {min: 2, max: 2, f: csvString},
		"cleanAndTokenizeRow":        {min: 1, max: 1, f: cleanRow},
	},
	"PorterStemmer": {"stem": {min: 1, max: 1, f: func(a []any) (any, error) { return Stem(Text(a[0])), needText(a[0]) }}},
}

// constants are the static fields.
var constants = map[string]any{
	"Math.PI": math.Pi, "Math.E": math.E, "Integer.MAX_VALUE": int32(math.MaxInt32), "Integer.MIN_VALUE": int32(math.MinInt32),
	"Long.MAX_VALUE": int64(math.MaxInt64), "Long.MIN_VALUE": int64(math.MinInt64), "Double.NaN": math.NaN(),
	"Double.POSITIVE_INFINITY": math.Inf(1), "Double.NEGATIVE_INFINITY": math.Inf(-1), "Double.MAX_VALUE": math.MaxFloat64,
}

func classNames() []string { return keys(statics) }

func mathFunctions() map[string]function {
	one := func(f func(float64) float64) function {
		return function{min: 1, max: 1, f: func(a []any) (any, error) {
			if rank(a[0]) == 0 {
				return nil, fmt.Errorf("a number is needed, not %s", typeName(a[0]))
			}
			return f(toFloat(a[0])), nil
		}}
	}
	m := map[string]function{
		"sqrt": one(math.Sqrt), "exp": one(math.Exp), "log": one(math.Log), "log10": one(math.Log10), "floor": one(math.Floor), "ceil": one(math.Ceil),
		"sin": one(math.Sin), "cos": one(math.Cos), "tan": one(math.Tan), "signum": one(func(v float64) float64 {
			if v == 0 || v != v {
				return v
			}
			return math.Copysign(1, v)
		}),
		"pow": {min: 2, max: 2, f: func(a []any) (any, error) { return math.Pow(toFloat(a[0]), toFloat(a[1])), nil }},
	}
	m["round"] = function{min: 1, max: 1, f: func(a []any) (any, error) {
		if _, ok := a[0].(float32); ok || rank(a[0]) < 3 {
			return toInt(math.Floor(toFloat(a[0]) + 0.5)), nil
		}
		return cell.ToInt(math.Floor(toFloat(a[0]) + 0.5)), nil
	}}
	m["abs"] = function{min: 1, max: 1, f: func(a []any) (any, error) {
		if less, err := order("<", a[0], int32(0)); err != nil || less == false {
			return a[0], err
		}
		return arith("-", int32(0), a[0])
	}}
	pick := func(op string) function {
		return function{min: 2, max: 2, f: func(a []any) (any, error) {
			first, err := order(op, a[0], a[1])
			if err != nil {
				return nil, err
			}
			v := a[1]
			if first == true {
				v = a[0]
			}
			return widen(v, max(rank(a[0]), rank(a[1]))), nil
		}}
	}
	m["min"], m["max"] = pick("<="), pick(">=")
	return m
}

// widen converts a number to the type of the rank.
func widen(v any, rank int) any {
	switch rank {
	case 4:
		return toFloat(v)
	case 3:
		return float32(toFloat(v))
	case 2:
		return toLong(v)
	}
	return toInt(v)
}

func charFunctions() map[string]function {
	is := func(f func(rune) bool) function {
		return function{min: 1, max: 1, f: func(a []any) (any, error) {
			c, ok := a[0].(Char)
			if !ok {
				return nil, fmt.Errorf("a char is needed, not %s", typeName(a[0]))
			}
			return f(rune(c)), nil
		}}
	}
	to := func(f func(rune) rune) function {
		return function{min: 1, max: 1, f: func(a []any) (any, error) {
			c, ok := a[0].(Char)
			if !ok {
				return nil, fmt.Errorf("a char is needed, not %s", typeName(a[0]))
			}
			return Char(f(rune(c))), nil
		}}
	}
	return map[string]function{
		"isDigit": is(unicode.IsDigit), "isLetter": is(unicode.IsLetter), "isUpperCase": is(unicode.IsUpper), "isLowerCase": is(unicode.IsLower),
		"isWhitespace": is(unicode.IsSpace), "isLetterOrDigit": is(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }),
		"toUpperCase": to(unicode.ToUpper), "toLowerCase": to(unicode.ToLower),
		"getNumericValue": {min: 1, max: 1, f: func(a []any) (any, error) {
			c, ok := a[0].(Char)
			if v, err := strconv.ParseInt(string(rune(c)), 36, 32); ok && err == nil {
				return int32(v), nil
			}
			return int32(-1), nil
		}},
	}
}

// join puts a separator between the items of an array, or between several strings.
func join(a []any) (any, error) {
	items, ok := a[1].([]any)
	if !ok {
		items = a[1:]
	}
	ts := make([]string, len(items))
	for i, v := range items {
		ts[i] = Text(v)
	}
	return strings.Join(ts, Text(a[0])), nil
}

// format writes values by %d, %s, %f, %e, %x, %c, %b, %n and %%, with flags, width and precision.
func format(a []any) (any, error) {
	spec, args := Text(a[0]), a[1:]
	var b strings.Builder
	for i := 0; i < len(spec); i++ {
		if spec[i] != '%' {
			b.WriteByte(spec[i])
			continue
		}
		k := i + 1
		for k < len(spec) && strings.IndexByte("-+ 0.123456789", spec[k]) >= 0 {
			k++
		}
		if k == len(spec) {
			return nil, fmt.Errorf("the format %q ends within a %%", spec)
		}
		verb := spec[k]
		switch {
		case verb == '%':
			b.WriteByte('%')
		case verb == 'n':
			b.WriteByte('\n')
		case len(args) == 0:
			return nil, fmt.Errorf("the format %q needs more values", spec)
		default:
			s, err := formatOne(spec[i:k], verb, args[0])
			if err != nil {
				return nil, err
			}
			b.WriteString(s)
			args = args[1:]
		}
		i = k
	}
	return b.String(), nil
}

func formatOne(flags string, verb byte, v any) (string, error) {
	isInt := rank(v) == 2 || rank(v) == 1 && typeName(v) == "int"
	switch {
	case (verb == 'd' || verb == 'x') && isInt:
		return fmt.Sprintf(flags+string(verb), toLong(v)), nil
	case (verb == 'f' || verb == 'e') && rank(v) >= 3:
		return fmt.Sprintf(flags+string(verb), toFloat(v)), nil
	case verb == 's' || verb == 'b' || verb == 'c' && typeName(v) == "char":
		return fmt.Sprintf(flags+"s", Text(v)), nil
	}
	return "", fmt.Errorf("%s%c does not fit a value of type %s", flags, verb, typeName(v))
}

func parseInt(a []any) (any, error) {
	if rank(a[0]) > 0 {
		return toInt(a[0]), nil
	}
	v, err := strconv.ParseInt(Text(a[0]), 10, 32)
	if err != nil {
		return nil, fmt.Errorf("%q is not an int", Text(a[0]))
	}
	return int32(v), nil
}

func parseLong(a []any) (any, error) {
	if rank(a[0]) > 0 {
		return toLong(a[0]), nil
	}
	v, err := strconv.ParseInt(Text(a[0]), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("%q is not a long", Text(a[0]))
	}
	return v, nil
}

func parseDouble(a []any) (any, error) {
	if rank(a[0]) > 0 {
		return toFloat(a[0]), nil
	}
	v, err := cell.ParseDouble(strings.TrimSpace(Text(a[0])))
	if err != nil {
		return nil, fmt.Errorf("%q is not a double", Text(a[0]))
	}
	return v, nil
}

func parseFloat(a []any) (any, error) {
	v, err := parseDouble(a)
	if err != nil {
		return nil, err
	}
	return float32(v.(float64)), nil
}

func parseBool(a []any) (any, error) {
	if b, ok := a[0].(bool); ok {
		return b, nil
	}
	return strings.EqualFold(Text(a[0]), "true"), nil
}
