package matrix

import (
	"fmt"

	"gdml/runtime/matrix/kernel"
)

// ConvShape describes a convolution over images (builtin reference §14).
// A matrix of images has one image per row, channel by channel, each row-major.
type ConvShape struct {
	N, C, H, W       int // images, channels, height, width
	K                int // filters
	R, S             int // height and width of a filter
	StrideH, StrideW int
	PadH, PadW       int
}

// P is the height of an output image.
func (s ConvShape) P() int { return (s.H+2*s.PadH-s.R)/s.StrideH + 1 }

// Q is the width of an output image.
func (s ConvShape) Q() int { return (s.W+2*s.PadW-s.S)/s.StrideW + 1 }

// check returns what is wrong with the numbers themselves.
func (s ConvShape) check(name string) error {
	switch {
	case s.N < 0 || s.C < 1 || s.H < 1 || s.W < 1 || s.R < 1 || s.S < 1:
		return fmt.Errorf("%s needs positive shapes: images [%d,%d,%d,%d], window %dx%d", name, s.N, s.C, s.H, s.W, s.R, s.S)
	case s.StrideH < 1 || s.StrideW < 1 || s.PadH < 0 || s.PadW < 0:
		return fmt.Errorf("%s needs positive strides and no negative padding: [%d,%d] and [%d,%d]", name, s.StrideH, s.StrideW, s.PadH, s.PadW)
	case s.H+2*s.PadH < s.R || s.W+2*s.PadW < s.S:
		return fmt.Errorf("%s needs a window that fits the padded image: %dx%d in %dx%d", name, s.R, s.S, s.H+2*s.PadH, s.W+2*s.PadW)
	}
	return nil
}

// needs checks the dimensions of one operand.
func needs(name, what string, m *Matrix, rows, cols int) error {
	if m.rows != rows || m.cols != cols {
		return sizeErrorf("%s needs %s of %dx%d: %v", name, what, rows, cols, m)
	}
	return nil
}

// convCells is the size of the part of an im2col form that is made at a time, 256 KB: it is used from the second-level cache.
const convCells = 1 << 15

// bands calls f for consecutive ranges [lo, hi) of the C*R*S rows of an im2col form.
func (s ConvShape) bands(f func(lo, hi int)) {
	rows := s.C * s.R * s.S
	step := max(8, convCells/(s.P()*s.Q())&^7)
	for lo := 0; lo < rows; lo += step {
		f(lo, min(lo+step, rows))
	}
}

// reach returns the output columns [from, to) for which filter column t is inside the image.
func (s ConvShape) reach(t int) (from, to int) {
	from = max(0, (s.PadW-t+s.StrideW-1)/s.StrideW)
	if last := s.W - 1 + s.PadW - t; last >= 0 {
		to = min(s.Q(), last/s.StrideW+1)
	}
	return min(from, to), to
}

// eachLine calls f for the rows [lo, hi) of the im2col form, one line of Q output
// positions at a time, the first of which is cell number at of these rows. The places
// [from, to) of the line lie over the image cells x, x+StrideW, ..., the others outside.
func (s ConvShape) eachLine(lo, hi int, f func(at, from, to, x int)) {
	p, q := s.P(), s.Q()
	for row := lo; row < hi; row++ {
		ch, r, t := row/(s.R*s.S), row/s.S%s.R, row%s.S
		from, to := s.reach(t)
		for i := range p {
			at := ((row-lo)*p + i) * q
			if y := i*s.StrideH + r - s.PadH; y >= 0 && y < s.H && from < to {
				f(at, from, to, (ch*s.H+y)*s.W+from*s.StrideW+t-s.PadW)
			} else {
				f(at, 0, 0, 0)
			}
		}
	}
}

// columns writes the rows [lo, hi) of the im2col form of one image: row (c,r,s) holds
// the input cell under filter cell (r,s) of channel c for every output position, C*R*S x P*Q.
func (s ConvShape) columns(img, dst []float64, lo, hi int) {
	q := s.Q()
	s.eachLine(lo, hi, func(at, from, to, x int) {
		line := dst[at : at+q]
		clear(line[:from])
		clear(line[to:])
		if s.StrideW == 1 {
			copy(line[from:to], img[x:])
			return
		}
		for j := from; j < to; j++ {
			line[j] = img[x]
			x += s.StrideW
		}
	})
}

// addColumns adds the rows [lo, hi) of an im2col form back onto the image it would come from.
func (s ConvShape) addColumns(cols, img []float64, lo, hi int) {
	s.eachLine(lo, hi, func(at, from, to, x int) {
		line := cols[at+from : at+to]
		if s.StrideW == 1 {
			dst := img[x : x+len(line)]
			kernel.Add(dst, dst, line)
			return
		}
		for _, v := range line {
			img[x] += v
			x += s.StrideW
		}
	})
}

// nanos estimates the time of one pass over all images on one thread.
func (s ConvShape) nanos() float64 {
	return mulNanos * float64(s.N) * float64(s.K) * float64(s.C*s.R*s.S) * float64(s.P()*s.Q())
}

// serial is the context of the work on one image: its buffers come from the arena, its loops are not split again.
func (c *Ctx) serial() *Ctx {
	if c == nil {
		return nil
	}
	return &Ctx{Mem: c.Mem}
}

// Conv2D returns the cross-correlation of images x, N x CHW, with filters w, K x CRS: N x KPQ.
func Conv2D(c *Ctx, x, w *Matrix, s ConvShape) (*Matrix, error) {
	if err := s.check("conv2d"); err != nil {
		return nil, err
	}
	crs, pq := s.C*s.R*s.S, s.P()*s.Q()
	if err := needs("conv2d", "images", x, s.N, s.C*s.H*s.W); err != nil {
		return nil, err
	}
	if err := needs("conv2d", "filters", w, s.K, crs); err != nil {
		return nil, err
	}
	out := newDense(c, s.N, s.K*pq)
	filter := w.ToDense(c)
	defer filter.Release()
	inner := c.serial()
	c.workers().DoCost(s.N, s.nanos(), func(n int) {
		img := x.Row(n, nil)
		s.bands(func(lo, hi int) {
			cols := newDense(inner, hi-lo, pq)
			defer cols.Release()
			s.columns(img, cols.dense, lo, hi)
			p := product{c: inner, m: s.K, n: pq, k: hi - lo, a: filter.view().at(0, lo), b: cols.view(),
				out: out.dense[n*s.K*pq : (n+1)*s.K*pq], ldc: pq, add: lo > 0}
			p.blockRun(nil)
		})
	})
	return Compact(c, out), nil
}

// Conv2DBackwardFilter returns the gradient of the filters, K x CRS, from the images
// x and the gradient dout, N x KPQ, of the output. Images are added in their order.
func Conv2DBackwardFilter(c *Ctx, x, dout *Matrix, s ConvShape) (*Matrix, error) {
	const name = "conv2d_backward_filter"
	if err := s.check(name); err != nil {
		return nil, err
	}
	crs, pq := s.C*s.R*s.S, s.P()*s.Q()
	if err := needs(name, "images", x, s.N, s.C*s.H*s.W); err != nil {
		return nil, err
	}
	if err := needs(name, "gradients", dout, s.N, s.K*pq); err != nil {
		return nil, err
	}
	if s.N == 0 {
		return Compact(c, New(c, s.K, crs)), nil
	}
	// A group of images adds its gradients up; how many groups there are depends on the number of images alone.
	const groups = 16
	inner, each := c.serial(), (s.N+groups-1)/groups
	parts := make([]*Matrix, (s.N+each-1)/each)
	c.workers().DoCost(len(parts), s.nanos(), func(i int) {
		parts[i] = newDense(inner, s.K, crs)
		for n := i * each; n < min((i+1)*each, s.N); n++ {
			s.filterGradient(inner, x.Row(n, nil), dout.Row(n, nil), parts[i].dense, n > i*each)
		}
	})
	out := parts[0]
	for _, p := range parts[1:] {
		kernel.Add(out.dense, out.dense, p.dense)
		p.Release()
	}
	return Compact(c, out), nil
}

// filterGradient writes the gradient of the filters from one image to out, or adds it.
func (s ConvShape) filterGradient(c *Ctx, img, dout, out []float64, add bool) {
	crs, pq := s.C*s.R*s.S, s.P()*s.Q()
	s.bands(func(lo, hi int) {
		cols := newDense(c, hi-lo, pq)
		defer cols.Release()
		s.columns(img, cols.dense, lo, hi)
		p := product{c: c, m: s.K, n: hi - lo, k: pq, a: view{dout, pq, 1}, b: cols.tview(), out: out[lo:], ldc: crs, add: add}
		p.blockRun(nil)
	})
}

// Conv2DBackwardData returns the gradient of the images, N x CHW, from the filters w and the gradient dout of the output.
func Conv2DBackwardData(c *Ctx, w, dout *Matrix, s ConvShape) (*Matrix, error) {
	const name = "conv2d_backward_data"
	if err := s.check(name); err != nil {
		return nil, err
	}
	crs, pq, chw := s.C*s.R*s.S, s.P()*s.Q(), s.C*s.H*s.W
	if err := needs(name, "filters", w, s.K, crs); err != nil {
		return nil, err
	}
	if err := needs(name, "gradients", dout, s.N, s.K*pq); err != nil {
		return nil, err
	}
	out := New(c, s.N, chw)
	filter := w.ToDense(c)
	defer filter.Release()
	inner := c.serial()
	c.workers().DoCost(s.N, s.nanos(), func(n int) {
		g := view{dout.Row(n, nil), pq, 1}
		s.bands(func(lo, hi int) {
			cols := newDense(inner, hi-lo, pq)
			defer cols.Release()
			p := product{c: inner, m: hi - lo, n: pq, k: s.K, a: filter.tview().at(lo, 0), b: g, out: cols.dense}
			p.run()
			s.addColumns(cols.dense, out.dense[n*chw:(n+1)*chw], lo, hi)
		})
	})
	return Compact(c, out), nil
}
