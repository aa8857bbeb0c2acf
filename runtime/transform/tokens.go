package transform

import (
	"fmt"

	"gdml/runtime/frame"
	"gdml/runtime/value"
)

// idColumns returns the id columns with row rows[i] of f in row i.
func (t *Tokenizer) idColumns(f *frame.Frame, rows []int) []frame.Column {
	var out []frame.Column
	for _, j := range t.ids {
		src := f.Column(j)
		c := frame.NewColumn("", frame.String, len(rows))
		for i, r := range rows {
			if src.IsMissing(r) {
				c.SetMissing(i)
			} else {
				c.Strs[i] = value.CellText(src, r)
			}
		}
		out = append(out, c)
	}
	return out
}

// padding is what fills a document up to the number of tokens asked for, by out.
var padding = map[string]pair{"count": {n: -1}, "position": {n: -1}, "hash": {}}

func (t *Tokenizer) longFrame(f *frame.Frame, docs [][]pair, most int) (*frame.Frame, error) {
	var rows []int
	var all []pair
	longest := most
	for _, d := range docs {
		if most < 0 {
			longest = max(longest, len(d))
		}
	}
	for i, d := range docs {
		for t.pad && len(d) < longest {
			d = append(d, padding[t.out])
		}
		for _, p := range d {
			rows, all = append(rows, i), append(all, p)
		}
	}
	text := frame.NewColumn("", frame.String, len(all))
	n := frame.NewColumn("", frame.Int64, len(all))
	key := frame.NewColumn("", frame.Int64, len(all))
	for i, p := range all {
		text.Strs[i], key.Ints[i], n.Ints[i] = p.text, p.bucket, p.n
	}
	cols := t.idColumns(f, rows)
	switch t.out {
	case "count":
		cols = append(cols, text, n)
	case "position":
		cols = append(cols, n, text)
	default:
		cols = append(cols, key, n)
	}
	return frame.New(len(all), cols)
}

// maxWide bounds the columns of the wide format.
const maxWide = 1 << 16

func (t *Tokenizer) wideFrame(f *frame.Frame, docs [][]pair, most int) (*frame.Frame, error) {
	width := most
	if most < 0 {
		width = 0
		for _, d := range docs {
			width = max(width, len(d))
		}
		if t.out == "hash" {
			width = t.features
		}
	}
	if width > maxWide {
		return nil, fmt.Errorf("the wide format would have %d columns, at most %d are possible; lower max_tokens or num_features", width, maxWide)
	}
	rows := make([]int, len(docs))
	for i := range rows {
		rows[i] = i
	}
	cols := t.idColumns(f, rows)
	if t.out == "hash" {
		return frame.New(len(docs), append(cols, bucketColumns(docs, width)...))
	}
	for k := range width {
		c := frame.NewColumn("", frame.String, len(docs))
		for i, d := range docs {
			switch {
			case k < len(d):
				c.Strs[i] = d[k].text
			case !t.pad:
				c.SetMissing(i)
			}
		}
		cols = append(cols, c)
	}
	return frame.New(len(docs), cols)
}

// bucketColumns returns how often buckets 1 to k occur in each document.
func bucketColumns(docs [][]pair, k int) []frame.Column {
	cols := make([]frame.Column, k)
	for j := range cols {
		cols[j] = frame.NewColumn("", frame.Int64, len(docs))
	}
	for i, d := range docs {
		for _, p := range d {
			if p.bucket <= int64(k) {
				cols[p.bucket-1].Ints[i] = p.n
			}
		}
	}
	return cols
}
