package parse

import (
	"fmt"
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/source"
)

// synthetic returns a script of about 2,400 lines in the style of a library file.
func synthetic() string {
	var b strings.Builder
	for i := range 115 {
		fmt.Fprintf(&b, `
# Fits model %d by gradient descent.
fit%d = function(matrix[double] X, matrix[double] y, double lambda = 0.01, int maxi = 100)
  return (matrix[double] w, double loss)
{
  w = matrix(0, rows=ncol(X), cols=1)
  loss = 1e30
  eps = 1e-9   # stop when the loss changes less
  i = 0
  while (i < maxi & loss > eps) {
    q = X %%*%% w
    g = t(X) %%*%% (q - y) + lambda * w
    if (i %%%% 10 == 0 | loss < 0.5) {
      print("iteration " + i + ": loss " + loss)
    } else {
      [g, loss] = step(g, loss, w[1:nrow(w), 1])
    }
    for (j in 1:nrow(w)) w[j, 1] = w[j, 1] - 0.1 * as.scalar(g[j, 1]) ^ 2
    loss = sum((y - q) ^ 2) / nrow(X) + lambda * sum(w ^ 2)
    i = i + 1
  }
}
`, i, i)
	}
	return b.String()
}

func BenchmarkFile(b *testing.B) {
	text := synthetic()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, l := File(source.NewSet(), "bench.dml", text, Options{}); l.Len() > 0 {
			b.Fatal(l.All())
		}
	}
}

func BenchmarkScan(b *testing.B) {
	text := synthetic()
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		s := newScanner(source.NewSet().Add("bench.dml", text), 1)
		for t, _ := s.Next(); t.Type != lexer.EOF; t, _ = s.Next() {
		}
	}
}
