package linalg

import (
	"fmt"
	"math"

	"gdml/runtime/matrix/kernel"
)

// secular is the equation
//
//	f(x) = floor + sum over k of z_k^2 / (x_k - x) = 0
//
// whose solutions are the eigenvalues of diag(x) + z*z'/floor. The poles are x_k = d_k,
// or x_k = d_k^2 if squared; then solutions are given as their square roots, which are
// the singular values of the matrix with the first row z and below it diag(d_1, ...),
// and d_0 must be 0. d ascends strictly, no z_k is 0 and floor is positive, so exactly
// one solution lies between two poles and one above the last. The caller has deflated
// whatever is too close or too small.
//
// Solutions are found by rational interpolation: R.-C. Li, Solving Secular Equations
// Stably and Efficiently (LAPACK working note 89, 1993).
type secular struct {
	d, z    []float64
	floor   float64
	squared bool
}

// root is the search for one solution. Its distances are those from the pole origin,
// the one that is nearest: differences of solutions and poles keep all their digits.
type root struct {
	*secular
	origin int
	left   int       // the solution is modelled with the poles left and left+1
	last   bool      // it lies above both
	from   []float64 // d_k - d_origin
	upto   []float64 // d_k + d_origin, if squared
	gap    []float64 // x_k - x
	q      []float64 // z_k / gap_k
	f      float64
	slope  [2]float64 // of the terms up to left, and of the others
	noise  float64    // f is rounding error below it
	lo, hi float64    // the solution is in this range around d_origin
}

// rootScratch is the cells of scratch that solve needs for n poles.
func rootScratch(n int) int { return 4 * n }

// solve finds solution i, counted from 0 in ascending order, and returns it. gap
// becomes x_k minus the solution for all k, accurate relative to its size. scratch has
// rootScratch(len(d)) cells.
func (s *secular) solve(i int, gap, scratch []float64) (float64, error) {
	n := len(s.d)
	if n == 1 {
		gap[0] = -s.z[0] * s.z[0] / s.floor
		if s.squared {
			return math.Abs(s.z[0]) / math.Sqrt(s.floor), nil
		}
		return s.d[0] - gap[0], nil
	}
	r := root{secular: s, gap: gap, left: i, from: scratch[:n], upto: scratch[n : 2*n], q: scratch[2*n : 3*n]}
	t := r.start(i)
	for range 100 {
		r.eval(t)
		if math.Abs(r.f) <= r.noise {
			return s.d[r.origin] + t, nil
		}
		if r.f < 0 {
			r.lo = t
		} else {
			r.hi = t
		}
		next := r.step(t)
		if next == t || r.hi-r.lo <= 0x1p-52*max(math.Abs(r.lo), math.Abs(r.hi)) {
			return s.d[r.origin] + t, nil
		}
		t = next
	}
	return 0, fmt.Errorf("the secular equation of size %d is not solved", n)
}

// start chooses the origin of solution i and returns a first guess. It evaluates f in the
// middle of the range and solves the equation whose other terms have their value there.
func (r *root) start(i int) float64 {
	n := len(r.d)
	if r.last = i == n-1; r.last {
		r.left = n - 2
		r.place(n - 1)
		reach := kernel.Dot(r.z, r.z) / r.floor
		r.lo, r.hi = 0, r.fromPoles(reach)
		t := r.fromPoles(reach / 2)
		r.eval(t)
		return r.guess(t)
	}
	half := (r.d[i+1] - r.d[i]) / 2
	r.place(i)
	r.lo, r.hi = 0, half
	r.eval(half)
	if r.f < 0 {
		r.place(i + 1)
		r.lo, r.hi = -half, 0
		return r.guess(-half)
	}
	return r.guess(half)
}

// place makes pole k the origin.
func (r *root) place(k int) {
	r.origin = k
	kernel.XS(kernel.Sub)(r.from, r.d, r.d[k])
	if r.squared {
		kernel.XS(kernel.Plus)(r.upto, r.d, r.d[k])
	}
}

// fromPoles converts a distance of x from the pole of the origin to one from d_origin.
func (r *root) fromPoles(x float64) float64 {
	if !r.squared {
		return x
	}
	d := r.d[r.origin]
	return x / (d + math.Sqrt(d*d+x))
}

// eval computes f and what else depends on the solution t away from d_origin.
func (r *root) eval(t float64) {
	kernel.XS(kernel.Sub)(r.gap, r.from, t)
	shift := t
	if r.squared {
		kernel.XS(kernel.Plus)(r.q, r.upto, t)
		kernel.XY(kernel.Mul)(r.gap, r.gap, r.q)
		shift = t * (2*r.d[r.origin] + t)
	}
	kernel.XY(kernel.Div)(r.q, r.z, r.gap)
	p := r.left + 1
	below, above := kernel.Dot(r.q[:p], r.z), kernel.Dot(r.q[p:], r.z[p:])
	r.slope = [2]float64{kernel.Dot(r.q[:p], r.q), kernel.Dot(r.q[p:], r.q[p:])}
	r.f = r.floor + below + above
	r.noise = 0x1p-53 * (r.floor + 8*(math.Abs(below)+math.Abs(above)) + math.Abs(shift)*(r.slope[0]+r.slope[1]))
}

// guess returns a first value in the range, given t in it, where f was evaluated.
func (r *root) guess(t float64) float64 {
	if math.Abs(r.f) <= r.noise {
		return t
	}
	if r.f < 0 {
		r.lo = t
	} else {
		r.hi = t
	}
	p := r.left
	s, u := r.z[p]*r.z[p], r.z[p+1]*r.z[p+1]
	c := r.f - r.q[p]*r.z[p] - r.q[p+1]*r.z[p+1]
	g := r.d[p+1] - r.d[p] // between the poles
	if r.squared {
		g *= r.d[p+1] + r.d[p]
	}
	a, b := c*g+s+u, s*g
	if r.origin > p {
		a, b = -c*g+s+u, -u*g
	}
	if x := r.quadratic(a, b, c); r.legal(x) {
		if next := r.fromPoles(x); next > r.lo && next < r.hi {
			return next
		}
	}
	return r.middle(t)
}

// legal reports whether a distance x of poles belongs to a real solution.
func (r *root) legal(x float64) bool {
	return !r.squared || r.d[r.origin]*r.d[r.origin]+x > 0
}

// quadratic returns the solution x of c*x^2 - a*x + b = 0 that lies between the poles of
// the model, or above both.
func (r *root) quadratic(a, b, c float64) float64 {
	w := math.Sqrt(math.Abs(a*a - 4*b*c))
	switch {
	case r.last && a >= 0:
		return (a + w) / (2 * c)
	case r.last:
		return 2 * b / (a - w)
	case a <= 0:
		return (a - w) / (2 * c)
	}
	return 2 * b / (a + w)
}

// step returns the next value after t, which is an end of the range.
func (r *root) step(t float64) float64 {
	p := r.left
	g0, g1 := r.gap[p], r.gap[p+1]
	slope := r.slope[0] + r.slope[1]
	c := r.f - g0*r.slope[0] - g1*r.slope[1]
	x := r.quadratic((g0+g1)*r.f-g0*g1*slope, g0*g1*r.f, c)
	if !(x*r.f < 0) {
		x = -r.f / slope
	}
	next := t + x
	if r.squared {
		if v := r.d[r.origin] + t; v*v+x > 0 {
			next = t + x/(v+math.Sqrt(v*v+x))
		} else {
			next = math.NaN()
		}
	}
	if next == t || next > r.lo && next < r.hi {
		return next
	}
	return r.middle(t)
}

// middle returns a value between the ends of the range that is halfway in size where
// the ends are of different size.
func (r *root) middle(t float64) float64 {
	a, b := math.Abs(r.lo), math.Abs(r.hi)
	low, high := min(a, b), max(a, b)
	switch {
	case low == 0:
		return t / 16
	case high > 16*low:
		return math.Copysign(math.Sqrt(low)*math.Sqrt(high), r.lo+r.hi)
	}
	return r.lo + (r.hi-r.lo)/2
}
