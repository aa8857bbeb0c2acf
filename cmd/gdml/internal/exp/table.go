package exp

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
)

// leading and trailing are the columns around the settings and the measures.
var (
	leading  = []string{"run", "stage", "config", "repeat", "seed"}
	trailing = "error"
)

// header returns the columns of a table. A setting whose name another column has gets an
// underscore in front.
func header(settings []string) []string {
	h := slices.Clone(leading)
	for _, s := range settings {
		h = append(h, settingColumn(s))
	}
	h = append(h, "rc", "attempts")
	h = append(h, measures...)
	return append(h, trailing)
}

func settingColumn(name string) string {
	if slices.Contains(leading, name) || slices.Contains(measures, name) || name == "rc" || name == "attempts" || name == trailing {
		return "_" + name
	}
	return name
}

// table is the CSV file of a sweep. It is safe for use by several goroutines.
type table struct {
	mu     sync.Mutex
	file   *os.File
	header []string
}

// openTable creates the file, or with resume continues one that has the same columns: it
// keeps the rows of successful runs and returns their keys. A last line that was cut off is
// dropped like the rows of failed runs.
func openTable(path string, columns []string, resume bool) (*table, map[string]bool, error) {
	t := &table{header: columns}
	done := map[string]bool{}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, nil, err
	}
	old, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
	case err != nil:
		return nil, nil, err
	case !resume:
		return nil, nil, fmt.Errorf("%s is there already: continue it with -resume, or remove it", path)
	}
	text := line(columns)
	if end := bytes.LastIndexByte(old, '\n'); end >= 0 {
		rows, err := parseTable(bytes.NewReader(old[:end+1]))
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", path, err)
		}
		if !slices.Equal(rows.header, columns) {
			return nil, nil, fmt.Errorf("%s has other columns than this sweep: write to another file", path)
		}
		for _, r := range rows.rows {
			if rows.text(r, "rc") == "0" {
				done[rows.text(r, "config")+"/"+rows.text(r, "seed")] = true
				text = append(text, line(r)...)
			}
		}
	}
	temp := path + ".tmp"
	if err := os.WriteFile(temp, text, 0o666); err != nil {
		return nil, nil, err
	}
	if err := os.Rename(temp, path); err != nil {
		return nil, nil, err
	}
	t.file, err = os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	return t, done, err
}

// add appends the row of a run in one write.
func (t *table) add(r *run, rc, attempts int, m map[string]string, reason string) error {
	values := map[string]string{
		"run": strconv.Itoa(r.number), "stage": r.stage, "config": r.config, "repeat": strconv.Itoa(r.repeat),
		"seed": strconv.FormatInt(r.seed, 10), "rc": strconv.Itoa(rc), "attempts": strconv.Itoa(attempts), trailing: reason,
	}
	for k, v := range m {
		values[k] = v
	}
	for _, s := range r.settings {
		values[settingColumn(s.name)] = s.value
	}
	row := make([]string, len(t.header))
	for i, h := range t.header {
		row[i] = oneLine(values[h])
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := t.file.Write(line(row))
	return err
}

func line(fields []string) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.Write(fields) // to memory: cannot fail
	w.Flush()
	return b.Bytes()
}

// results are the rows of a table as text.
type results struct {
	header []string
	index  map[string]int
	rows   [][]string
}

func parseTable(r io.Reader) (*results, error) {
	all, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(all) == 0 {
		return nil, errors.New("the file is empty")
	}
	return newResults(all[0], all[1:]), nil
}

func newResults(header []string, rows [][]string) *results {
	t := &results{header: header, index: map[string]int{}, rows: rows}
	for i, h := range header {
		t.index[h] = i
	}
	return t
}

// joined returns the rows of t and, numbered after them, those of next, with the columns of both. Settings that
// only next has stand behind those of t.
func (t *results) joined(next *results) *results {
	if t.header == nil {
		return next
	}
	header := slices.Clone(t.header)
	for _, h := range next.header {
		if _, known := t.index[h]; !known {
			at := len(header)
			if slices.Contains(next.settings(), h) {
				at = slices.Index(header, "rc")
			}
			header = slices.Insert(header, at, h)
		}
	}
	last := 0.0
	var rows [][]string
	for _, from := range []*results{t, next} {
		offset := last
		for _, r := range from.rows {
			row := make([]string, len(header))
			for i, h := range header {
				row[i] = from.text(r, h)
			}
			if run, ok := from.number(r, "run"); ok {
				row[slices.Index(header, "run")] = decimal(run+offset, 0)
				last = max(last, run+offset)
			}
			rows = append(rows, row)
		}
	}
	return newResults(header, rows)
}

// text returns a cell, "" when there is no such column.
func (t *results) text(row []string, column string) string {
	if i, ok := t.index[column]; ok {
		return row[i]
	}
	return ""
}

// number returns a cell that holds a finite number.
func (t *results) number(row []string, column string) (float64, bool) {
	v, ok := parsed(t.text(row, column))
	return v, ok && v-v == 0
}
