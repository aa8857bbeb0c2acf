package kernel

// sum is Sum in plain Go: four interleaved lanes, merged in lane order. The second
// argument is not used; it makes sum and sumSq alike.
func sum(x []float64, _ float64) Acc {
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

// sumSq is SumSq in plain Go.
func sumSq(x []float64, mu float64) Acc {
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

// sumRows is SumRows in plain Go.
func sumRows(m, n int, x []float64, ld int, s, c []float64) {
	for i := range m {
		a := sum(x[i*ld:i*ld+n], 0)
		s[i], c[i] = a.S, a.C
	}
}

// addRows is AddRows in plain Go.
func addRows(m, n int, x []float64, ld int, s, c []float64) {
	s, c = s[:n], c[:n]
	for i := range m {
		for j, v := range x[i*ld : i*ld+n] {
			t := s[j] + v
			z := t - s[j]
			c[j] += (s[j] - (t - z)) + (v - z)
			s[j] = t
		}
	}
}

// addRowsSq is AddRowsSq in plain Go.
func addRowsSq(m, n int, x []float64, ld int, mu, s, c []float64) {
	s, c, mu = s[:n], c[:n], mu[:n]
	for i := range m {
		for j, v := range x[i*ld : i*ld+n] {
			v -= mu[j]
			v = float64(v * v)
			t := s[j] + v
			z := t - s[j]
			c[j] += (s[j] - (t - z)) + (v - z)
			s[j] = t
		}
	}
}

// lowest is Min in plain Go.
func lowest(x []float64, m float64) float64 {
	for _, v := range x {
		if v < m {
			m = v
		} else if v != v || m != m {
			return v + m
		}
	}
	return m
}

// highest is Max in plain Go.
func highest(x []float64, m float64) float64 {
	for _, v := range x {
		if v > m {
			m = v
		} else if v != v || m != m {
			return v + m
		}
	}
	return m
}

// countNonZero is CountNonZero in plain Go.
func countNonZero(x []float64) int {
	n := 0
	for _, v := range x {
		if v != 0 {
			n++
		}
	}
	return n
}

// lastIndex is LastIndex in plain Go.
func lastIndex(x []float64, v float64) int {
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] == v {
			return i
		}
	}
	return -1
}
