package lambda

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// dateForm is a form of dates that is recognised.
type dateForm struct {
	re     *regexp.Regexp
	format string
}

// dateForms are the forms that the reference recognises: digits alone, and seven forms of
// a day, alone or followed by a time.
var dateForms = func() []dateForm {
	var out []dateForm
	add := func(expr, format string) {
		out = append(out, dateForm{regexp.MustCompile("^(?:" + expr + ")$"), format})
	}
	for _, f := range []struct{ expr, format string }{
		{`\d{12}`, "yyyyMMddHHmm"}, {`\d{8}\s\d{4}`, "yyyyMMdd HHmm"}, {`\d{14}`, "yyyyMMddHHmmss"}, {`\d{8}\s\d{6}`, "yyyyMMdd HHmmss"}, {`\d{8}`, "yyyyMMdd"},
	} {
		add(f.expr, f.format)
	}
	for _, d := range []struct{ expr, format string }{
		{`\d{1,2}-\d{1,2}-\d{4}`, "dd-MM-yyyy"}, {`\d{4}-\d{1,2}-\d{1,2}`, "yyyy-MM-dd"},
		{`\d{1,2}/\d{1,2}/\d{4}`, "MM/dd/yyyy"}, {`\d{4}/\d{1,2}/\d{1,2}`, "yyyy/MM/dd"},
		{`\d{1,2}\s[a-zA-Z]{3}\s\d{4}`, "dd MMM yyyy"}, {`\d{1,2}\s[a-zA-Z]{4,}\s\d{4}`, "dd MMMM yyyy"},
	} {
		add(d.expr, d.format)
		add(d.expr+`\s\d{1,2}:\d{2}`, d.format+" HH:mm")
		add(d.expr+`\s\d{1,2}:\d{2}:\d{2}`, d.format+" HH:mm:ss")
	}
	return out
}()

// dateFormatOf returns the format that s has; ok is false when it is no known one.
func dateFormatOf(s string) (format string, ok bool) {
	for _, f := range dateForms {
		if f.re.MatchString(s) {
			return f.format, true
		}
	}
	return "", false
}

// run splits a format into runs of one letter and text between them.
type run struct {
	letter byte // 0 for text
	n      int
	text   string
}

func runs(format string) ([]run, error) {
	var out []run
	for i := 0; i < len(format); {
		c := format[i]
		switch {
		case c == '\'':
			end := strings.IndexByte(format[i+1:], '\'')
			if end < 0 {
				return nil, fmt.Errorf("the quote in the format %q is not closed", format)
			}
			out = append(out, run{text: format[i+1 : i+1+end]})
			i += end + 2
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
			n := 1
			for i+n < len(format) && format[i+n] == c {
				n++
			}
			if strings.IndexByte("yMdHhmsSaE", c) < 0 {
				return nil, fmt.Errorf("unknown letter %q in the format %q; there are y M d H h m s S a E", string(c), format)
			}
			out = append(out, run{letter: c, n: n})
			i += n
		default:
			out = append(out, run{text: format[i : i+1]})
			i++
		}
	}
	return out, nil
}

// parseDate reads s by a format, in UTC. Fields may exceed their range and then carry over, as the reference allows.
func parseDate(s, format string) (time.Time, error) {
	rs, err := runs(format)
	if err != nil {
		return time.Time{}, err
	}
	bad := fmt.Errorf("%q is no date of the format %q", s, format)
	v := map[byte]int{'y': 1970, 'M': 1, 'd': 1}
	rest := s
	for i, r := range rs {
		if r.letter == 0 {
			if !strings.HasPrefix(rest, r.text) {
				return time.Time{}, bad
			}
			rest = rest[len(r.text):]
			continue
		}
		if r.letter == 'M' && r.n >= 3 || r.letter == 'a' || r.letter == 'E' {
			n := 0
			for n < len(rest) && (rest[n]|0x20) >= 'a' && (rest[n]|0x20) <= 'z' {
				n++
			}
			if !name(v, r.letter, rest[:n]) {
				return time.Time{}, bad
			}
			rest = rest[n:]
			continue
		}
		width := 9
		if i+1 < len(rs) && rs[i+1].letter != 0 {
			width = r.n // the next field follows at once
		}
		n := 0
		for n < len(rest) && n < width && rest[n] >= '0' && rest[n] <= '9' {
			n++
		}
		num, err := strconv.Atoi(rest[:n])
		if err != nil {
			return time.Time{}, bad
		}
		if r.letter == 'y' && r.n == 2 && n == 2 {
			num = century(num)
		}
		v[r.letter] = num
		rest = rest[n:]
	}
	hour := v['H']
	if h, ok := v['h']; ok {
		hour = h%12 + v['a']
	}
	return time.Date(v['y'], time.Month(v['M']), v['d'], hour, v['m'], v['s'], v['S']*1e6, time.UTC), nil
}

// century puts years of two digits between 1950 and 2049.
func century(y int) int {
	if y < 50 {
		return 2000 + y
	}
	return 1900 + y
}

// name reads the name of a month or day, or AM or PM, which is 0 or 12 hours.
func name(v map[byte]int, letter byte, word string) bool {
	switch letter {
	case 'a':
		v['a'] = 0
		if strings.EqualFold(word, "pm") {
			v['a'] = 12
		}
		return len(word) == 2
	case 'E':
		return word != ""
	}
	for m := time.January; m <= time.December; m++ {
		if full := m.String(); strings.EqualFold(word, full) || strings.EqualFold(word, full[:3]) {
			v['M'] = int(m)
			return true
		}
	}
	return false
}

// writeDate writes a time by a format.
func writeDate(t time.Time, format string) (string, error) {
	rs, err := runs(format)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, r := range rs {
		switch {
		case r.letter == 0:
			b.WriteString(r.text)
		case r.letter == 'y' && r.n == 2:
			fmt.Fprintf(&b, "%02d", t.Year()%100)
		case r.letter == 'M' && r.n == 3:
			b.WriteString(t.Month().String()[:3])
		case r.letter == 'M' && r.n > 3:
			b.WriteString(t.Month().String())
		case r.letter == 'E' && r.n > 3:
			b.WriteString(t.Weekday().String())
		case r.letter == 'E':
			b.WriteString(t.Weekday().String()[:3])
		case r.letter == 'a':
			b.WriteString([]string{"AM", "PM"}[t.Hour()/12])
		default:
			fmt.Fprintf(&b, "%0*d", min(r.n, 9), map[byte]int{'y': t.Year(), 'M': int(t.Month()), 'd': t.Day(), 'H': t.Hour(),
				'h': (t.Hour()+11)%12 + 1, 'm': t.Minute(), 's': t.Second(), 'S': t.Nanosecond() / 1e6}[r.letter])
		}
	}
	return b.String(), nil
}

// readDate parses a string by the format given, or by the one it has.
func readDate(v any, format []any) (time.Time, string, error) {
	s := strings.TrimSpace(Text(v))
	if len(format) > 0 {
		t, err := parseDate(s, Text(format[0]))
		return t, Text(format[0]), err
	}
	f, ok := dateFormatOf(s)
	if !ok {
		return time.Time{}, "", fmt.Errorf("%q is no date of a known format; give the format, for example \"yyyy-MM-dd\"", s)
	}
	t, err := parseDate(s, f)
	return t, f, err
}

func toMillis(a []any) (any, error) {
	t, _, err := readDate(a[0], a[1:])
	return t.UnixMilli(), err
}

func dateFormat(a []any) (any, error) {
	t, _, err := readDate(a[0], a[2:])
	if err != nil {
		return nil, err
	}
	return writeDate(t, Text(a[1]))
}

// isDate is "1" for a string of a known date format and "0" for another one.
func isDate(a []any) (any, error) {
	if _, ok := dateFormatOf(Text(a[0])); ok {
		return "1", nil
	}
	return "0", nil
}

// timeUnits are the steps of addTimeToDate; other units are seconds.
var timeUnits = map[string]time.Duration{"ms": time.Millisecond, "m": time.Minute, "H": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// addTime adds n units to a date and writes it in the format it had.
func addTime(a []any) (any, error) {
	t, f, err := readDate(a[0], nil)
	if err != nil {
		return nil, err
	}
	if rank(a[1]) < 1 || rank(a[1]) > 2 {
		return nil, fmt.Errorf("an int is needed, not %s", typeName(a[1]))
	}
	n := min(max(toLong(a[1]), -1e9), 1e9)
	switch unit := Text(a[2]); unit {
	case "M":
		t = t.AddDate(0, int(n), 0)
	case "y":
		t = t.AddDate(int(n), 0, 0)
	default:
		step, ok := timeUnits[unit]
		if !ok {
			step = time.Second
		}
		t = t.Add(time.Duration(n) * step)
	}
	return writeDate(t, f)
}

// column applies f to the dates of an array; nulls stay.
func column(v any, f func(s string) (any, error)) (any, error) {
	items, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("the array of a column is needed (margin=2), not %s", typeName(v))
	}
	out := make([]any, len(items))
	for i, item := range items {
		if item == nil {
			continue
		}
		d, err := f(Text(item))
		if err != nil {
			return nil, fmt.Errorf("item %d: %w", i+1, err)
		}
		out[i] = d
	}
	return out, nil
}

// timestamps turns the dates of a column into milliseconds.
func timestamps(a []any) (any, error) {
	return column(a[0], func(s string) (any, error) { return toMillis([]any{s}) })
}

// dominantFormat writes all dates of a column in the format that most of them have, the first such one.
func dominantFormat(a []any) (any, error) {
	n := map[string]int{}
	var order []string
	_, err := column(a[0], func(s string) (any, error) {
		_, f, err := readDate(s, nil)
		if n[f]++; n[f] == 1 {
			order = append(order, f)
		}
		return nil, err
	})
	if err != nil {
		return nil, err
	}
	best := ""
	for _, f := range order {
		if n[f] > n[best] {
			best = f
		}
	}
	return column(a[0], func(s string) (any, error) { return dateFormat([]any{s, best}) })
}
