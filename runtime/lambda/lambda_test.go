package lambda

import (
	"errors"
	"strings"
	"testing"
)

// eval applies a lambda to each of the cells and joins the texts.
func eval(src string, cells ...string) (string, error) {
	f, err := Parse(src)
	if err != nil {
		return "", err
	}
	var out []string
	for _, c := range cells {
		v, err := f.Call(c)
		if err != nil {
			return "", err
		}
		out = append(out, Text(v))
	}
	return strings.Join(out, "|"), nil
}

// TestCells compares with what the same lambdas give in the reference.
// from: Apache SystemDS 3.3, map over the cells "Ab C", "b c2", "x", "12"
func TestCells(t *testing.T) {
	for _, c := range [][2]string{
		{`x -> x.charAt(0)`, `A|b|x|1`},
		{`x -> x+1+2`, `Ab C12|b c212|x12|1212`},
		{`x -> 1+2+x`, `3Ab C|3b c2|3x|312`},
		{`x -> x.length()*2.5`, `10.0|10.0|2.5|5.0`},
		{`x -> x.equals("12") ? "yes" : "n"+x.length()`, `n4|n4|n1|yes`},
		{`x -> x.equals("12") ? "yes" : x.length()`, `4|4|1|yes`},
		{`x -> x.length() > 2 && !x.isEmpty()`, `true|true|false|false`},
		{`x -> x.indexOf("b")`, `1|0|-1|-1`},
		{`x -> x.split(" ")[0]`, `Ab|b|x|12`},
		{`x -> x.split(" ").length`, `2|2|1|1`},
		{`x -> 7/2`, `3|3|3|3`},
		{`x -> 7/2.0`, `3.5|3.5|3.5|3.5`},
		{`x -> 7.0f/2`, `3.5|3.5|3.5|3.5`},
		{`x -> (char)(x.charAt(0)+1)`, `B|c|y|2`},
		{`x -> x.charAt(0)+1`, `66|99|121|50`},
		{`x -> x.charAt(0)+""`, `A|b|x|1`},
		{`x -> x.hashCode()`, `2031652|2953389|120|1569`},
		{`x -> String.valueOf(x.length())`, `4|4|1|2`},
		{`x -> Math.max(x.length(), 3)`, `4|4|3|3`},
		{`x -> x.replaceAll("[a-z]+", "<$0>")`, `A<b> C|<b> <c>2|<x>|12`},
		{`x -> x.matches("[0-9]+")`, `false|false|false|true`},
		{`x -> x.length() % 3 == 1 ? 'a' : 'b'`, `a|a|a|b`},
		{`x -> x.concat("q").repeat(2)`, `Ab CqAb Cq|b c2qb c2q|xqxq|12q12q`},
		{`x -> x.substring(1)`, `b C| c2||2`},
		{`x -> x.substring(0,1).equalsIgnoreCase("B")`, `false|true|false|false`},
		{`x -> -x.length()`, `-4|-4|-1|-2`},
		{`x -> 1 << 3`, `8|8|8|8`},
		{`x -> 10000000000L + 1`, `10000000001|10000000001|10000000001|10000000001`},
		{`x -> 2147483647 + 1`, `-2147483648|-2147483648|-2147483648|-2147483648`},
		{`x -> 1.0/0`, `Infinity|Infinity|Infinity|Infinity`},
		{`x -> Math.sqrt(2.0)`, `1.4142135623730951|1.4142135623730951|1.4142135623730951|1.4142135623730951`},
		{`x -> Math.round(2.5)`, `3|3|3|3`},
		{`x -> x.lastIndexOf("b")+","+x.compareTo("b")`, `1,-33|0,3|-1,22|-1,-49`},
		{`x -> String.format("%05d", x.length())`, `00004|00004|00001|00002`},
		{`x -> x.length() & 1`, `0|0|1|0`},
		{`x -> x.replaceFirst("[A-Z]","_")`, `_b C|b c2|x|12`},
		{`x -> x.endsWith("C") | x.isEmpty()`, `true|false|false|false`},
		{`(x) -> x`, `Ab C|b c2|x|12`},
		{` x->x . length ( )`, `4|4|1|2`},
		{`x -> String.join("-", x.split(" "))`, `Ab-C|b-c2|x|12`},
		{`x -> Float.parseFloat("0.1")`, `0.1|0.1|0.1|0.1`},
		{`x -> Long.parseLong("123")*2`, `246|246|246|246`},
		{`x -> 0x1F`, `31|31|31|31`},
		{`x -> 1e3`, `1000.0|1000.0|1000.0|1000.0`},
		{`x -> x.trim().charAt(0) == 'A'`, `true|false|false|false`},
		{`x -> Character.isDigit(x.charAt(0))`, `false|false|false|true`},
		{`x -> x.toUpperCase().replace("B","qq")`, `Aqq C|qq C2|X|12`},
	} {
		got, err := eval(c[0], "Ab C", "b c2", "x", "12")
		if err != nil || got != c[1] {
			t.Errorf("%s\n got %s, %v\nwant %s", c[0], got, err, c[1])
		}
	}
}

// TestExpressions: expectations are computed by hand by the rules of the language.
func TestExpressions(t *testing.T) {
	for _, c := range [][3]string{
		{`x -> x == "12"`, `12`, `true`},
		{`x -> 1 + 2 * 3 - 4 % 3`, ``, `6`},
		{`x -> 1 < 2 == true`, ``, `true`},
		{`x -> true ? false ? 1 : 2 : 3`, ``, `2`},
		{`x -> -7 / 2 + "," + -7 % 3`, ``, `-3,-1`},
		{`x -> -8 >> 1 ^ 5 | 2`, ``, `-5`},
		{`x -> -1 >>> 28`, ``, `15`},
		{`x -> ~5`, ``, `-6`},
		{`x -> (int)3.99 + (int)-3.99`, ``, `0`},
		{`x -> 'a' + 'b'`, ``, `195`},
		{`x -> new String[]{x, "b"}[1]`, `a`, `b`},
		{`x -> x.split(",").length`, `a,,b,,`, `3`},
		{`x -> x.split(",", 2)[1]`, `a,b,c`, `b,c`},
		{`x -> x.split("").length`, `abc`, `3`},
		{`x -> x.replaceAll("[^\\p{Alnum}]+", " ")`, `a-b__c!d`, `a b c d`},
		{`x -> x.replaceAll("(\\w)(\\d)", "$2$1\\$")`, `a1b2`, `1a$2b$`},
		{`x -> x.length()`, `äöü`, `3`},
		{`x -> UtilFunctions.splitRecodeEntry(x)[0]`, `a·b·3`, `a·b`},
		{`x -> UtilFunctions.splitRecodeEntry(x)[1]`, `a·b·3`, `3`},
		{`x -> UtilFunctions.columnStringToCSVString(x, ";")`, `a b  c`, `a;b;c`},
		{`x -> UtilFunctions.convertStringToDoubleArray(x)[1]`, `[1, 2.5]`, `2.5`},
		{`x -> UtilFunctions.cleanAndTokenizeRow(x)[4]`, `Hello, it's a good-day`, `good`},
		{`x -> Math.abs(-2) + Math.min(1, 2L) + Math.max(1, 0.5)`, ``, `4.0`},
		{`x -> Math.floor(-0.5)`, ``, `-1.0`},
		{`x -> null + x`, `a`, `nulla`},
		{`x -> "a\tb"`, ``, "a\tb"},
		{`x -> String.format("%5.2f|%-4s|%%", 3.14159, x)`, `ab`, " 3.14|ab  |%"},
	} {
		got, err := eval(c[0], c[1])
		if err != nil || got != c[2] {
			t.Errorf("%s of %q\n got %s, %v\nwant %s", c[0], c[1], got, err, c[2])
		}
	}
}

// from: Apache SystemDS 3.3
func TestStem(t *testing.T) {
	in := "caresses ponies running relational hopefulness sky Happily generalizations oscillators"
	want := "caress poni run relat hope sky Happili gener oscil"
	var out []string
	for _, w := range strings.Fields(in) {
		out = append(out, Stem(w))
	}
	if got := strings.Join(out, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	// Examples of Porter's paper.
	for _, c := range [][2]string{{"agreed", "agre"}, {"plastered", "plaster"}, {"conflated", "conflat"}, {"hopping", "hop"}, {"falling", "fall"},
		{"filing", "file"}, {"vietnamization", "vietnam"}, {"triplicate", "triplic"}, {"adjustment", "adjust"}, {"adoption", "adopt"}, {"probate", "probat"}, {"controlling", "control"}, {"at", "at"}} {
		if got := Stem(c[0]); got != c[1] {
			t.Errorf("%s: %s, want %s", c[0], got, c[1])
		}
	}
}

// from: Apache SystemDS 3.3
func TestDates(t *testing.T) {
	dates := []string{"20210304", "1/2/2020", "2020-01-02 03:04", "2020/01/02 03:04:05", "1 Jan 2020", "02 January 2020 10:11", "1-2-2020"}
	for _, c := range [][2]string{
		{`x -> UtilFunctions.toMillis(x)`, "1614816000000|1577923200000|1577934240000|1577934245000|1577836800000|1577959860000|1580515200000"},
		{`x -> UtilFunctions.dateFormat(x, "yyyy-MM-dd HH:mm:ss")`, "2021-03-04 00:00:00|2020-01-02 00:00:00|2020-01-02 03:04:00|2020-01-02 03:04:05|2020-01-01 00:00:00|2020-01-02 10:11:00|2020-02-01 00:00:00"},
		{`x -> UtilFunctions.addTimeToDate(x, 2, "d")`, "20210306|01/04/2020|2020-01-04 03:04|2020/01/04 03:04:05|03 Jan 2020|04 January 2020 10:11|03-02-2020"},
		{`x -> UtilFunctions.addTimeToDate(x, 1, "M")`, "20210404|02/02/2020|2020-02-02 03:04|2020/02/02 03:04:05|01 Feb 2020|02 February 2020 10:11|01-03-2020"},
		{`x -> UtilFunctions.addTimeToDate(x, 1, "w")`, "20210311|01/09/2020|2020-01-09 03:04|2020/01/09 03:04:05|08 Jan 2020|09 January 2020 10:11|08-02-2020"},
		{`x -> UtilFunctions.addTimeToDate(x, 1, "y")`, "20220304|01/02/2021|2021-01-02 03:04|2021/01/02 03:04:05|01 Jan 2021|02 January 2021 10:11|01-02-2021"},
	} {
		if got, err := eval(c[0], dates...); err != nil || got != c[1] {
			t.Errorf("%s\n got %s, %v\nwant %s", c[0], got, err, c[1])
		}
	}
	got, err := eval(`x -> UtilFunctions.isDateColumn(x)`, "1612137600000", "abc", "20210304", "12:30", "1/2/2020", "2020-01-02 03:04", "20200102 0304", "2020/01/02 03:04:05", "1 Jan 2020", "02 January 2020 10:11", "2020-01-02T03:04:05")
	if want := "0|0|1|0|1|1|1|1|1|1|0"; err != nil || got != want {
		t.Errorf("isDateColumn: %s, %v, want %s", got, err, want)
	}
	col := []any{"04/03/2021 10:20:30", "31/12/1999 00:00:00", nil, "05/06/2020 01:02:03"}
	for src, want := range map[string]string{
		`x -> UtilFunctions.getTimestamp(x)`:          "[1617445230000, 994896000000, null, 1588726923000]",
		`x -> UtilFunctions.getDominantDateFormat(x)`: "[04/03/2021 10:20:30, 07/12/2001 00:00:00, null, 05/06/2020 01:02:03]",
	} {
		f, err := Parse(src)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := f.Call(col); err != nil || Text(v) != want {
			t.Errorf("%s = %s, %v, want %s", src, Text(v), err, want)
		}
	}
	if got, err := eval(`x -> UtilFunctions.dateFormat(x, "dd.MM.yy hh a", "yyyy-MM-dd HH")`, "2021-03-04 15"); err != nil || got != "04.03.21 03 PM" {
		t.Errorf("formats given: %s, %v", got, err)
	}
}

func TestPairs(t *testing.T) {
	for _, c := range [][4]string{
		{`(x, y) -> UtilFunctions.jaccardSim(x, y)`, "x·y", "cy", "0.25"},
		{`(x, y) -> UtilFunctions.jaccardSim(x, y)`, "ann", "ann", "1.0"},
		{`(x, y) -> UtilFunctions.getWordErrorRate(x, y)`, "the quick fox", "the brown fox", "0.3333333333333333"},
		{`(x, y) -> UtilFunctions.getWordErrorRate(x, y)`, "the q", "the r t", "0.6666666666666666"},
		{`(x, y) -> x + y`, "a", "b", "ab"},
	} {
		f, err := Parse(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if v, err := f.Call(c[1], c[2]); err != nil || Text(v) != c[3] {
			t.Errorf("%s of %q, %q = %s, %v", c[0], c[1], c[2], Text(v), err)
		}
	}
	f, err := Parse(`(x, y) -> UtilFunctions.jaccardSim(x, y)`)
	if err != nil || f.Outer() != "UtilFunctions.jaccardSim" || f.Arity() != 2 {
		t.Errorf("outer %q, arity %d, %v", f.Outer(), f.Arity(), err)
	}
	if f, err = Parse(`x -> Math.abs(1) + Math.abs(2)`); err != nil || f.Outer() != "" {
		t.Errorf("outer of a sum: %q, %v", f.Outer(), err)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		src  string
		at   int
		want string
	}{
		{`x`, 2, "an arrow is needed"}, {`x -> `, 6, "an expression is needed"}, {`x -> y`, 6, `unknown name "y"`},
		{`x -> x.foo()`, 8, "unknown method"}, {`x -> x.trim(1)`, 8, "takes 0 arguments, not 1"}, {`x -> Math.foo(1)`, 11, "Math has no function"},
		{`x -> "abc`, 6, "not closed"}, {`x -> 'ab'`, 6, "one character"}, {`x -> x x`, 8, "unexpected"}, {`(x, y, z) -> x`, 1, "one or two"},
		{`x -> 99999999999`, 6, "too large"}, {`x -> new Foo(x)`, 10, "arrays of strings"}, {`x -> x # 1`, 8, "unexpected character"},
		{`x -> (x`, 8, `")" is needed`}, {`x -> x ? 1`, 11, `":" is needed`}, {`x -> {return x;}`, 15, "unexpected character"}, {`ä -> ö`, 6, "unknown name"},
		{"x -> " + strings.Repeat("(", 300) + "x", 0, "nests too deep"}, {"x -> " + strings.Repeat("-", 300) + "1", 0, "nests too deep"},
	} {
		_, err := Parse(c.src)
		var s *SyntaxError
		if !errors.As(err, &s) || !strings.Contains(err.Error(), c.want) || c.at > 0 && s.At != c.at {
			t.Errorf("%.40s: %v, want %q at %d", c.src, err, c.want, c.at)
		}
	}
}

func TestCallErrors(t *testing.T) {
	for _, c := range [][2]string{
		{`x -> x.charAt(9)`, "position 9"}, {`x -> x.split(" ")[3]`, "index 3 is outside 0..0"}, {`x -> 1/0`, "division by zero"}, {`x -> x - 1`, "cannot be applied to String and int"},
		{`x -> x ? 1 : 2`, "a boolean is needed"}, {`x -> x < "b"`, "compareTo"}, {`x -> x.substring(2, 1)`, "positions 2 to 1"}, {`x -> Integer.parseInt(x)`, `"a" is not an int`},
		{`x -> x.replaceAll("(?=a)", "")`, `"(?=a)" cannot be used: look-around, (?=...), is not supported`}, {`x -> x.replaceAll("a", "$1")`, "no group 1"}, {`x -> x.repeat(999999999)`, "cannot be repeated"},
		{`x -> (int)x`, "cannot be cast"}, {`x -> null.trim()`, "a String is needed"}, {`x -> x[0]`, "an array is needed"}, {`x -> UtilFunctions.toMillis(x)`, "known format"},
		{`x -> String.format("%d", x)`, "does not fit"}, {`x -> String.format("%d")`, "needs more values"}, {`x -> !1`, "cannot be applied"}, {`x -> 1 & true`, "cannot be applied"},
	} {
		if got, err := eval(c[0], "a"); err == nil || !strings.Contains(err.Error(), c[1]) {
			t.Errorf("%s = %s, %v, want an error with %q", c[0], got, err, c[1])
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{`x -> x.trim().length() > 2 ? x : "y"`, `(x, y) -> new String[]{x, y}[0]`, `x -> (char)(x.charAt(0)+1) + 0x1F - 1e3f`, `x -> Math.PI*.5`} {
		f.Add(s, "cell")
	}
	f.Fuzz(func(t *testing.T, src, cell string) {
		fn, err := Parse(src)
		if err != nil {
			return
		}
		args := []any{cell, cell}
		if v, err := fn.Call(args[:fn.Arity()]...); err == nil {
			Text(v)
		}
	})
}
