package kernel

// Acc is a sum with its accumulated rounding error: the value is S+C. Every
// addition is error-free (Knuth's two-sum), so the error of the whole sum is that
// of one rounding plus terms of second order. The zero value is the empty sum.
// With infinite terms S+C is NaN where the plain sum may be infinite; callers
// then sum again with PlainSum.
type Acc struct {
	S, C float64
}

// Add adds v.
func (a *Acc) Add(v float64) {
	s := a.S + v
	z := s - a.S
	a.C += (a.S - (s - z)) + (v - z)
	a.S = s
}

// Merge adds the sum o.
func (a *Acc) Merge(o Acc) {
	a.Add(o.S)
	a.C += o.C
}

// Value returns the sum.
func (a Acc) Value() float64 { return a.S + a.C }

// Sum is
//
//	for _, v := range x {
//		acc.Add(v)
//	}
//
// up to the order of the additions, which depends on the length alone.
func Sum(x []float64) Acc { return active.sum(x, 0) }

// SumSq is Sum of the squares of the deviations of x from mu.
func SumSq(x []float64, mu float64) Acc { return active.square(x, mu) }

// SumRows writes the sums of m rows of n values, ld apart:
//
//	for i := range m {
//		(s[i], c[i]) = Sum(x[i*ld : i*ld+n])
//	}
//
// up to the order of the additions, which depends on m and n. It suits rows that are
// too short for Sum. It requires len(x) >= (m-1)*ld+n, len(s) >= m and len(c) >= m.
func SumRows(m, n int, x []float64, ld int, s, c []float64) { active.sumRows(m, n, x, ld, s, c) }

// AddRows adds m rows of n values, ld apart, to the sums of their columns:
//
//	for i := range m {
//		for j := range n {
//			(s[j], c[j]) as an Acc .Add(x[i*ld+j])
//		}
//	}
//
// It requires len(x) >= (m-1)*ld+n, len(s) >= n and len(c) >= n.
func AddRows(m, n int, x []float64, ld int, s, c []float64) { active.addRows(m, n, x, ld, s, c) }

// AddRowsSq is AddRows of the squares of the deviations from mu, which has n values.
func AddRowsSq(m, n int, x []float64, ld int, mu, s, c []float64) {
	active.addRowsSq(m, n, x, ld, mu, s, c)
}

// Min is
//
//	for _, v := range x {
//		if v < m || v != v {
//			m = v
//		}
//	}
//
// and gives NaN as soon as m or a value is NaN. Which of two zeros it gives is not defined.
func Min(x []float64, m float64) float64 { return active.min(x, m) }

// Max is Min with the order reversed.
func Max(x []float64, m float64) float64 { return active.max(x, m) }

// CountNonZero counts the cells that are not zero; NaN counts.
func CountNonZero(x []float64) int { return active.countNonZero(x) }

// LastIndex returns the largest i with x[i] == v, or -1.
func LastIndex(x []float64, v float64) int { return active.lastIndex(x, v) }

// PlainSum is
//
//	for _, v := range x {
//		s += v
//	}
func PlainSum(x []float64, s float64) float64 {
	for _, v := range x {
		s += v
	}
	return s
}

// Prod is
//
//	for _, v := range x {
//		p *= v
//	}
func Prod(x []float64, p float64) float64 {
	for _, v := range x {
		p *= v
	}
	return p
}
