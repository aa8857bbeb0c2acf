package linalg

import (
	"math"

	"gdml/runtime/matrix"
	"gdml/runtime/matrix/kernel"
)

// rootGrain is the number of solutions of one task.
const rootGrain = 16

// secularNanos estimates the time that a pole costs each solution.
const secularNanos = 6

// solveAll finds all solutions: x[i] becomes solution i and row i of gaps, n x n, its gaps.
func (s *secular) solveAll(c *matrix.Ctx, x, gaps []float64) error {
	n := len(s.d)
	tasks := (n + rootGrain - 1) / rootGrain
	errs := make([]error, tasks)
	workers(c).DoCost(tasks, secularNanos*float64(n)*float64(n), func(task int) {
		scratch := make([]float64, rootScratch(n))
		for i := task * rootGrain; i < min(n, (task+1)*rootGrain); i++ {
			var err error
			if x[i], err = s.solve(i, gaps[i*n:(i+1)*n], scratch); err != nil {
				errs[task] = err
				return
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// refit replaces z by the one for which the computed solutions are exact. Vectors that
// are made of it are orthogonal to working precision: M. Gu and S. C. Eisenstat, A
// Stable and Efficient Algorithm for the Rank-One Modification of the Symmetric
// Eigenproblem, SIAM J. Matrix Anal. Appl. 15 (1994). If not squared, z keeps no scale.
func (s *secular) refit(c *matrix.Ctx, gaps []float64) {
	n := len(s.d)
	const grain = 64
	tasks := (n + grain - 1) / grain
	buf, part := matrix.Draft(c, tasks, n)
	defer buf.Release()
	workers(c).DoCost(tasks, 2*float64(n)*float64(n), func(task int) {
		w := part[task*n : (task+1)*n]
		for i := range w {
			w[i] = 1
		}
		scratch := make([]float64, 2*n)
		t, u := scratch[:n], scratch[n:]
		for j := task * grain; j < min(n, (task+1)*grain); j++ {
			gap := gaps[j*n : (j+1)*n]
			kernel.XS(kernel.Sub)(t, s.d, s.d[j])
			if s.squared {
				kernel.XS(kernel.Plus)(u, s.d, s.d[j])
				kernel.XY(kernel.Mul)(t, t, u)
			}
			kernel.XY(kernel.Div)(t, gap, t)
			t[j] = gap[j]
			kernel.XY(kernel.Mul)(w, w, t)
		}
	})
	for i := range n {
		p := -1.0
		for task := range tasks {
			p *= part[task*n+i]
		}
		s.z[i] = math.Copysign(math.Sqrt(max(p, 0)), s.z[i])
	}
}

// vector writes the unit vector with the direction of z_k/gap_k to out, whose cell
// place[k] receives component k. gap and the scratch t have as many cells.
func (s *secular) vector(gap, t []float64, place []int, out []float64) {
	kernel.XY(kernel.Div)(t, s.z, gap)
	scatterUnit(t, place, out)
}

// scatterUnit writes t, scaled to length 1, to the cells place of out.
func scatterUnit(t []float64, place []int, out []float64) {
	f := 1 / math.Sqrt(kernel.Dot(t, t))
	for k, v := range t {
		out[place[k]] = v * f
	}
}

// pair writes the left and right singular vectors that belong to gap to the cells place
// of left and right: the directions of (-1, d_k*z_k/gap_k) for k > 0, and of z_k/gap_k.
func (s *secular) pair(gap, t []float64, place []int, left, right []float64) {
	kernel.XY(kernel.Div)(t, s.z, gap)
	scatterUnit(t, place, right)
	kernel.XY(kernel.Mul)(t, t, s.d)
	t[0] = -1
	scatterUnit(t, place, left)
}
