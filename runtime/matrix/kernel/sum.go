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
// up to the order of the additions: four interleaved lanes, merged in lane order.
func Sum(x []float64) Acc {
	var a0, a1, a2, a3 Acc
	for len(x) >= 4 {
		a0.Add(x[0])
		a1.Add(x[1])
		a2.Add(x[2])
		a3.Add(x[3])
		x = x[4:]
	}
	for _, v := range x {
		a0.Add(v)
	}
	a0.Merge(a1)
	a0.Merge(a2)
	a0.Merge(a3)
	return a0
}

// SumSq is Sum of the squares of the deviations of x from mu.
func SumSq(x []float64, mu float64) Acc {
	var a0, a1, a2, a3 Acc
	for len(x) >= 4 {
		d0, d1, d2, d3 := x[0]-mu, x[1]-mu, x[2]-mu, x[3]-mu
		a0.Add(float64(d0 * d0)) // the conversion forbids a fused multiply-add
		a1.Add(float64(d1 * d1))
		a2.Add(float64(d2 * d2))
		a3.Add(float64(d3 * d3))
		x = x[4:]
	}
	for _, v := range x {
		a0.Add(float64((v - mu) * (v - mu)))
	}
	a0.Merge(a1)
	a0.Merge(a2)
	a0.Merge(a3)
	return a0
}

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

// AddRow adds x to the sums of its columns:
//
//	for j, v := range x {
//		(s[j], c[j]) as an Acc .Add(v)
//	}
//
// It requires len(s) >= len(x) and len(c) >= len(x).
func AddRow(x, s, c []float64) {
	s, c = s[:len(x)], c[:len(x)]
	for j, v := range x {
		t := s[j] + v
		z := t - s[j]
		c[j] += (s[j] - (t - z)) + (v - z)
		s[j] = t
	}
}

// AddRowSq is AddRow of the squares of x - mu; a nil mu stands for zeros.
func AddRowSq(x, mu, s, c []float64) {
	s, c = s[:len(x)], c[:len(x)]
	for j, v := range x {
		if mu != nil {
			v -= mu[j]
		}
		v = float64(v * v)
		t := s[j] + v
		z := t - s[j]
		c[j] += (s[j] - (t - z)) + (v - z)
		s[j] = t
	}
}

// Min is
//
//	for _, v := range x {
//		if v < m || v != v {
//			m = v
//		}
//	}
//
// and gives NaN as soon as m or a value is NaN.
func Min(x []float64, m float64) float64 {
	for _, v := range x {
		if v < m {
			m = v
		} else if v != v || m != m {
			return v + m
		}
	}
	return m
}

// Max is Min with the order reversed.
func Max(x []float64, m float64) float64 {
	for _, v := range x {
		if v > m {
			m = v
		} else if v != v || m != m {
			return v + m
		}
	}
	return m
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

// CountNonZero counts the cells that are not zero; NaN counts.
func CountNonZero(x []float64) int {
	n := 0
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}
