package format

import (
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// idxFile returns a file with cells as they are given.
func idxFile(kind byte, cells []byte, dims ...uint32) string {
	b := []byte{0, 0, kind, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return string(append(b, cells...))
}

func TestIDX(t *testing.T) {
	f32 := binary.BigEndian.AppendUint32(nil, math.Float32bits(-1.5))
	f64 := binary.BigEndian.AppendUint64(nil, math.Float64bits(0.1))
	cases := []struct {
		name, text string
		rows, cols int
		first      []float64
	}{
		{"images", idxFile(0x08, []byte{0, 1, 2, 3, 4, 255, 6, 7, 8, 9, 10, 11}, 2, 2, 3), 2, 6, []float64{0, 1, 2, 3, 4, 255}},
		{"labels", idxFile(0x08, []byte{7, 2, 1}, 3), 3, 1, []float64{7}},
		{"signed", idxFile(0x09, []byte{0xff, 1}, 1, 2), 1, 2, []float64{-1, 1}},
		{"short", idxFile(0x0b, []byte{0xff, 0xfe, 1, 0}, 1, 2), 1, 2, []float64{-2, 256}},
		{"int", idxFile(0x0c, []byte{0xff, 0xff, 0xff, 0xfd}, 1, 1), 1, 1, []float64{-3}},
		{"float", idxFile(0x0d, f32, 1, 1), 1, 1, []float64{-1.5}},
		{"double", idxFile(0x0e, f64, 1, 1), 1, 1, []float64{0.1}},
		{"no rows", idxFile(0x08, nil, 0, 28, 28), 0, 784, nil},
	}
	for _, c := range cases {
		path := put(t, "x", c.text) // recognised without an extension
		m, err := readPath(path, nil)
		if err != nil || m.Rows() != c.rows || m.Cols() != c.cols || c.rows > 0 && !slices.Equal(m.Row(0, make([]float64, c.cols)), c.first) {
			t.Errorf("%s: %v, %v", c.name, m, err)
		}
		info, err := Describe(&Request{Path: path})
		if err != nil || info.Rows != int64(c.rows) || info.Cols != int64(c.cols) || info.Format != "idx" {
			t.Errorf("%s is described as %+v, %v", c.name, info, err)
		}
	}
}

func TestIDXMistakes(t *testing.T) {
	good := idxFile(0x08, []byte{1, 2, 3, 4}, 2, 2)
	cases := []struct {
		name, text, want string
		a                args
	}{
		{"short", good[:len(good)-1], "4 bytes of cells were announced, but there are 3", nil},
		{"long", good + "x", "but there are 5", nil},
		{"header", good[:10], "ends in its header", nil},
		{"type", idxFile(0x07, []byte{1}, 1), "does not start as an IDX file", nil},
		{"dimensions", idxFile(0x08, nil, 1, 1<<31, 1<<31, 1<<31), "dimensions are too large", nil},
		{"size", idxFile(0x08, nil, 1<<31, 1<<20), "more than can be held", nil},
		{"declared", good, "2x3 was declared, but the file holds 2x2", args{"rows": int64(2), "cols": int64(3)}},
	}
	for _, c := range cases {
		a := args{"format": "idx"}
		for k, v := range c.a {
			a[k] = v
		}
		if _, err := readPath(put(t, "x.idx", c.text), a); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %s", c.name, err, c.want)
		}
	}
}

// The digits are 28x28 pixels from 0 to 255, about a fifth of them not 0, and ten classes.
func TestIDXDigits(t *testing.T) {
	dir := filepath.Join(data, "mnist10k")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("no folder of real data sets")
	}
	m, err := readPath(filepath.Join(dir, "images-idx3-ubyte.gz"), nil)
	if err != nil || m.Rows() != 10000 || m.Cols() != 784 || !m.IsSparse() {
		t.Errorf("images: %v, %v", m, err)
	}
	y, err := readPath(filepath.Join(dir, "labels-idx1-ubyte.gz"), nil)
	if err != nil || y.Rows() != 10000 || y.Cols() != 1 {
		t.Fatalf("labels: %v, %v", y, err)
	}
	var count [10]int
	for i := range 10000 {
		count[int(y.At(i, 0))]++
	}
	if slices.Min(count[:]) < 800 {
		t.Errorf("classes have %v rows", count)
	}
}
