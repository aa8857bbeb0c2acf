package format

import (
	"bytes"
	"errors"
	"math"
	"runtime"
	"testing"

	"gdml/runtime/frame"
	"gdml/runtime/matrix"
)

// fuzzMatrix checks that a reader neither panics nor makes something huge out of a few
// bytes, that its errors have a place, and that what it returns survives a round trip.
func fuzzMatrix(f *testing.F, format *Format, seeds ...string) {
	for _, s := range seeds {
		f.Add([]byte(s), int64(-1), int64(-1), false)
	}
	f.Fuzz(func(t *testing.T, data []byte, rows, cols int64, header bool) {
		o := &Options{Format: format, DataType: "matrix", Rows: max(rows%1000, -1), Cols: max(cols%1000, -1), Header: header,
			Sep: ",", IndSep: ":", Limit: 1 << 26}
		if format == &libsvmFormat {
			o.Sep = ""
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := format.ReadMatrix([]Part{{"fuzz", data}}, o)
		runtime.ReadMemStats(&after)
		if used := after.TotalAlloc - before.TotalAlloc; used > 4<<26+1000*uint64(len(data)) {
			t.Fatalf("%d bytes of input made it allocate %d", len(data), used)
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Msg == "" {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		if m.Rows() > 1<<20 || m.Cols() > 1<<20 || format == &libsvmFormat {
			return
		}
		roundTrip(t, format, m)
	})
}

func roundTrip(t *testing.T, format *Format, m *matrix.Matrix) {
	var b bytes.Buffer
	if err := format.WriteMatrix(&b, m, &WriteOptions{Format: format}); err != nil {
		t.Fatal(err)
	}
	o := &Options{Format: format, Rows: int64(m.Rows()), Cols: int64(m.Cols()), Sep: ",", Header: format == &csvFormat && m.Rows() == 0 && m.Cols() > 0}
	again, err := format.ReadMatrix([]Part{{"again", b.Bytes()}}, o)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	if !matrix.Equal(m, again) {
		t.Fatalf("%v became %v", m.Vector(), again.Vector())
	}
}

func FuzzCSV(f *testing.F) {
	fuzzMatrix(f, &csvFormat, "", "1,2\n3,4\n", "a,b\r\n\"1\",\n", "\ufeff1\r2", ",,\n\n1", "1e999,nan,-inf")
}

func FuzzIJV(f *testing.F) {
	fuzzMatrix(f, &textFormat, "", "0 0 0", "1 1 5\n2 2 -0\n", "99999999 1 1", "1\t1\t1\n1 1 2")
}

func FuzzMM(f *testing.F) {
	fuzzMatrix(f, &mmFormat, "%%MatrixMarket matrix coordinate real general\n2 2 1\n1 1 5\n",
		"%%MatrixMarket matrix array integer symmetric\n2 2\n1 2 3\n", "%%MatrixMarket matrix coordinate pattern skew-symmetric\n3 3 1\n2 1",
		"%%MatrixMarket matrix array real skew-symmetric\n1 1\n", "%%MatrixMarket matrix coordinate real general\n9999999999 1 0\n")
}

func FuzzLibSVM(f *testing.F) {
	fuzzMatrix(f, &libsvmFormat, "1 1:2 3:4\n-1\n", "1,1:2 # x\n", "0 99999999:1")
}

func FuzzBinary(f *testing.F) {
	var dense, sparse bytes.Buffer
	if err := writeBinary(&dense, matrix.FromRows([][]float64{{1, math.Inf(-1)}}), nil); err != nil {
		f.Fatal(err)
	}
	if err := writeBinary(&sparse, matrix.Fill(nil, 30, 40, 0), nil); err != nil {
		f.Fatal(err)
	}
	fuzzMatrix(f, &binaryFormat, dense.String(), sparse.String(), binMagic, "SEQ\x06")
}

func FuzzFrame(f *testing.F) {
	for _, s := range []string{"a,\"b\n\"\"c\"\n1,2\n", "#Meta\n", "\"", "1 1 \"a b\"\n-1 1 x\n"} {
		f.Add([]byte(s), "auto", true)
		f.Add([]byte(s), "int64,*", false)
	}
	var bin bytes.Buffer
	words, err := frame.New(2, []frame.Column{{Strs: []string{"a", "bc"}}, {Kind: frame.Int64, Ints: []int64{1, 2}, Missing: []bool{false, true}}})
	if err != nil {
		f.Fatal(err)
	}
	if err := writeBinaryFrame(&bin, words, nil); err != nil {
		f.Fatal(err)
	}
	f.Add(bin.Bytes(), "", false)
	f.Fuzz(func(t *testing.T, data []byte, schema string, header bool) {
		for _, format := range []*Format{&csvFormat, &textFormat, &binaryFormat} {
			o := &Options{Format: format, DataType: "frame", Rows: -1, Cols: -1, Header: header, Sep: ",", Schema: schema, Limit: 1 << 26}
			got, err := format.ReadFrame([]Part{{"fuzz", data}}, o)
			if err == nil && format == &csvFormat && got.Rows() > 0 {
				var b bytes.Buffer
				if err := writeCSVFrame(&b, got, &WriteOptions{Format: format, Header: true}); err != nil {
					t.Fatal(err)
				}
				o.Header, o.Rows, o.Schema = true, int64(got.Rows()), "string"
				if again, err := readCSVFrame([]Part{{"again", b.Bytes()}}, o); err != nil || again.Cols() != got.Cols() {
					t.Fatalf("what was written cannot be read: %v\n%q", err, b.String())
				}
			}
		}
	})
}

func FuzzMetadata(f *testing.F) {
	f.Add([]byte(`{"rows": 3, "naStrings": ["a", "b"], "fill": "ragged", "x": {}}`))
	f.Add([]byte(`{"rows": "3", cols`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseMeta("X.mtd", data, func(string) {})
		if err != nil {
			return
		}
		if _, err := m.merge(args{"rows": int64(3)}); err != nil && !errors.As(err, new(*Error)) {
			t.Fatal(err)
		}
	})
}
