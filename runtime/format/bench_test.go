package format

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"

	"gdml/runtime/matrix"
)

func benchMatrix() *matrix.Matrix {
	r := rand.New(rand.NewPCG(3, 4))
	data := make([]float64, 20000*50)
	for i := range data {
		data[i] = float64(r.IntN(1e6)) / 1000
	}
	return matrix.FromDense(20000, 50, data)
}

// BenchmarkRead reads a dense matrix of three fraction digits on one core; MB/s are those of the file.
func BenchmarkRead(b *testing.B) {
	m := benchMatrix()
	for _, f := range []*Format{&csvFormat, &textFormat, &binaryFormat} {
		b.Run(f.Name, func(b *testing.B) {
			var buf bytes.Buffer
			if err := f.WriteMatrix(&buf, m, &WriteOptions{Format: f}); err != nil {
				b.Fatal(err)
			}
			o := &Options{Format: f, Rows: 20000, Cols: 50, Sep: ","}
			b.SetBytes(int64(buf.Len()))
			for b.Loop() {
				if _, err := f.ReadMatrix([]Part{{"bench", buf.Bytes()}}, o); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkWrite writes the same matrix.
func BenchmarkWrite(b *testing.B) {
	m := benchMatrix()
	for _, f := range []*Format{&csvFormat, &textFormat, &binaryFormat} {
		b.Run(f.Name, func(b *testing.B) {
			var buf bytes.Buffer
			if err := f.WriteMatrix(&buf, m, &WriteOptions{Format: f}); err != nil {
				b.Fatal(err)
			}
			b.SetBytes(int64(buf.Len()))
			for b.Loop() {
				if err := f.WriteMatrix(io.Discard, m, &WriteOptions{Format: f}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
