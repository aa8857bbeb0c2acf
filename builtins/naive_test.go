package builtins_test

import (
	"math"
	"slices"
)

// cells applies f to every cell.
func cells(f func(float64) float64) func(grid) grid {
	return func(g grid) grid {
		out := newGrid(g.rows, g.cols)
		for i, v := range g.v {
			out.v[i] = f(v)
		}
		return out
	}
}

func truth(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// full, perRow and perCol reduce vectors. The forms per row and column of a matrix without cells are zeros.
func full(f func([]float64) float64) func(grid) grid {
	return func(g grid) grid { return grid{1, 1, []float64{f(g.v)}} }
}

func perRow(f func([]float64) float64) func(grid) grid {
	return func(g grid) grid {
		out := newGrid(g.rows, 1)
		for i := range out.v {
			if g.cols > 0 {
				out.v[i] = f(g.row(i))
			}
		}
		return out
	}
}

func perCol(f func([]float64) float64) func(grid) grid {
	return func(g grid) grid {
		out := newGrid(1, g.cols)
		for j := range out.v {
			if g.rows > 0 {
				out.v[j] = f(g.col(j))
			}
		}
		return out
	}
}

func total(v []float64) float64 {
	s := 0.0
	for _, x := range v {
		s += x
	}
	return s
}

func product(v []float64) float64 {
	s := 1.0
	for _, x := range v {
		s *= x
	}
	return s
}

func average(v []float64) float64 { return total(v) / float64(len(v)) }

func variance(v []float64) float64 {
	switch len(v) {
	case 0:
		return math.NaN()
	case 1:
		return v[0] - v[0]
	}
	m, s := average(v), 0.0
	for _, x := range v {
		s += (x - m) * (x - m)
	}
	return s / float64(len(v)-1)
}

func deviation(v []float64) float64 { return math.Sqrt(variance(v)) }

func smallest(v []float64) float64 {
	s := math.Inf(1)
	for _, x := range v {
		s = math.Min(s, x)
	}
	return nanOr(v, s)
}

func largest(v []float64) float64 {
	s := math.Inf(-1)
	for _, x := range v {
		s = math.Max(s, x)
	}
	return nanOr(v, s)
}

func nanOr(v []float64, s float64) float64 {
	if slices.ContainsFunc(v, math.IsNaN) {
		return math.NaN()
	}
	return s
}

// lastExtreme is rowIndexMax and rowIndexMin: the last of equal cells, NaN skipped.
func lastExtreme(better func(x, y float64) bool) func([]float64) float64 {
	return func(v []float64) float64 {
		at := -1
		for i, x := range v {
			if x == x && (at < 0 || better(x, v[at])) {
				at = i
			}
		}
		return float64(max(at, 0) + 1)
	}
}

// running is a cumulative function down the columns.
func running(f func(acc, x float64) float64) func(grid) grid {
	return func(g grid) grid {
		out := newGrid(g.rows, g.cols)
		for j := range g.cols {
			for i := range g.rows {
				v := g.at(i, j)
				if i > 0 {
					v = f(out.at(i-1, j), v)
				}
				out.set(i, j, v)
			}
		}
		return out
	}
}

func flipped(g grid) grid {
	out := newGrid(g.cols, g.rows)
	for i := range g.rows {
		for j := range g.cols {
			out.set(j, i, g.at(i, j))
		}
	}
	return out
}

func distinct(v []float64) []float64 {
	s := slices.Clone(v)
	slices.SortFunc(s, func(x, y float64) int {
		switch {
		case x < y || x == x && y != y:
			return -1
		case x > y || x != x && y == y:
			return 1
		}
		return 0
	})
	return slices.CompactFunc(s, func(x, y float64) bool { return x == y || x != x && y != y })
}

func count(v []float64) float64 { return float64(len(distinct(v))) }

// oneMatrix pairs expressions over X with naive implementations.
func oneMatrix() map[string]func(grid) grid {
	return map[string]func(grid) grid{
		"abs(X)": cells(math.Abs), "sqrt(X)": cells(math.Sqrt), "exp(X)": cells(math.Exp), "log(X)": cells(math.Log),
		"sin(X)": cells(math.Sin), "cos(X)": cells(math.Cos), "tan(X)": cells(math.Tan), "asin(X)": cells(math.Asin),
		"acos(X)": cells(math.Acos), "atan(X)": cells(math.Atan), "sinh(X)": cells(math.Sinh), "cosh(X)": cells(math.Cosh),
		"tanh(X)": cells(math.Tanh), "floor(X)": cells(math.Floor), "ceil(X)": cells(math.Ceil),
		"sign(X)": cells(func(v float64) float64 {
			if v != v {
				return v
			}
			return truth(v > 0) - truth(v < 0)
		}),
		"round(X)": cells(func(v float64) float64 {
			if math.IsInf(v, 0) {
				return math.Copysign(math.MaxInt64, v)
			}
			if v != v {
				return 0
			}
			return math.Floor(v + 0.5)
		}),
		"is.nan(X)":      cells(func(v float64) float64 { return truth(v != v) }),
		"is.na(X)":       cells(func(v float64) float64 { return truth(v != v) }),
		"is.infinite(X)": cells(func(v float64) float64 { return truth(math.IsInf(v, 0)) }),
		"!X":             cells(func(v float64) float64 { return truth(v == 0) }),
		"log(X, 2)":      cells(func(v float64) float64 { return math.Log(v) / math.Log(2) }),
		"max(X, 1)":      cells(func(v float64) float64 { return nanOr([]float64{v}, math.Max(v, 1)) }),
		"min(X, 1, 0.5)": cells(func(v float64) float64 { return nanOr([]float64{v}, math.Min(v, 0.5)) }),
		"xor(X, 1)":      cells(func(v float64) float64 { return truth(v == 0) }),
		"bitwAnd(X, 6)":  cells(func(v float64) float64 { return float64(int32(saturate(v)) & 6) }),
		"ifelse(X, X, 9)": cells(func(v float64) float64 {
			if v == 0 {
				return 9
			}
			return v
		}),
		"replace(target=X, pattern=0, replacement=3)": cells(func(v float64) float64 { return v + 3*truth(v == 0) }),
		"replace(target=X, pattern=NaN, replacement=0)": cells(func(v float64) float64 {
			if v != v {
				return 0
			}
			return v
		}),
		`ppred(X, 1, ">=")`:         cells(func(v float64) float64 { return truth(v >= 1) }),
		"quantize_compress(X, 2.5)": cells(func(v float64) float64 { return math.Floor(v * 2.5) }),
		"compress(X)":               cells(func(v float64) float64 { return v }),

		"sum(X)": full(total), "rowSums(X)": perRow(total), "colSums(X)": perCol(total),
		"mean(X)": full(average), "rowMeans(X)": perRow(average), "colMeans(X)": perCol(average),
		"var(X)": full(variance), "rowVars(X)": perRow(variance), "colVars(X)": perCol(variance),
		"sd(X)": full(deviation), "rowSds(X)": perRow(deviation), "colSds(X)": perCol(deviation),
		"min(X)": full(smallest), "rowMins(X)": perRow(smallest), "colMins(X)": perCol(smallest),
		"max(X)": full(largest), "rowMaxs(X)": perRow(largest), "colMaxs(X)": perCol(largest),
		"prod(X)": full(product), "rowProds(X)": perRow(product), "colProds(X)": perCol(product),
		"rowIndexMax(X)":   perRow(lastExtreme(func(x, y float64) bool { return x >= y })),
		"rowIndexMin(X)":   perRow(lastExtreme(func(x, y float64) bool { return x <= y })),
		"countDistinct(X)": full(count), "rowCountDistinct(X)": perRow(count), "colCountDistinct(X)": perCol(count),
		`countDistinct(X, dir="c")`: perCol(count), "countDistinctApprox(X)": full(count),

		"cumsum(X)":  running(func(a, x float64) float64 { return a + x }),
		"cumprod(X)": running(func(a, x float64) float64 { return a * x }),
		"cummin(X)":  running(func(a, x float64) float64 { return smallest([]float64{a, x}) }),
		"cummax(X)":  running(func(a, x float64) float64 { return largest([]float64{a, x}) }),
		"rowcumsum(X)": func(g grid) grid {
			return flipped(running(func(a, x float64) float64 { return a + x })(flipped(g)))
		},

		"t(X)":                  flipped,
		"nrow(X) + 0 * ncol(X)": func(g grid) grid { return grid{1, 1, []float64{float64(g.rows)}} },
		"length(X)":             func(g grid) grid { return grid{1, 1, []float64{float64(len(g.v))}} },
		"rev(X)": func(g grid) grid {
			out := newGrid(g.rows, g.cols)
			for i := range g.rows {
				copy(out.v[i*g.cols:], g.row(g.rows-1-i))
			}
			return out
		},
		"roll(X, 1)": func(g grid) grid {
			out := newGrid(g.rows, g.cols)
			for i := range g.rows {
				copy(out.v[(i+1)%g.rows*g.cols:], g.row(i))
			}
			return out
		},
		"matrix(X, ncol(X), nrow(X))": func(g grid) grid { return grid{g.cols, g.rows, g.v} },
		"cbind(X, X)": func(g grid) grid {
			out := newGrid(g.rows, 2*g.cols)
			for i := range g.rows {
				copy(out.v[i*out.cols:], append(g.row(i), g.row(i)...))
			}
			return out
		},
		"rbind(X, X)": func(g grid) grid { return grid{2 * g.rows, g.cols, append(slices.Clone(g.v), g.v...)} },
		"unique(X)":   func(g grid) grid { d := distinct(g.v); return grid{len(d), 1, d} },
		`removeEmpty(target=X, margin="rows", empty.return=FALSE)`: func(g grid) grid {
			out := grid{0, g.cols, nil}
			for i := range g.rows {
				if r := g.row(i); slices.ContainsFunc(r, func(v float64) bool { return v != 0 }) {
					out.rows, out.v = out.rows+1, append(out.v, r...)
				}
			}
			return out
		},
		`order(target=X, by=ncol(X), decreasing=TRUE)`: func(g grid) grid {
			out := newGrid(g.rows, g.cols)
			at := make([]int, g.rows)
			for i := range at {
				at[i] = i
			}
			key := func(i int) float64 { // NaN first
				if v := g.at(i, g.cols-1); v == v {
					return v
				}
				return math.Inf(1)
			}
			slices.SortStableFunc(at, func(a, b int) int { return int(truth(key(a) < key(b)) - truth(key(a) > key(b))) })
			for i, r := range at {
				copy(out.v[i*g.cols:], g.row(r))
			}
			return out
		},
	}
}

// saturate converts like the bit functions do.
func saturate(v float64) float64 {
	if v != v {
		return 0
	}
	return math.Trunc(min(max(v, math.MinInt32), math.MaxInt32))
}
