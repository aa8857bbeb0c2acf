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

// columns writes the im2col form of one image: row (c,r,s) holds the input cell
// under filter cell (r,s) of channel c for every output position, C*R*S x P*Q.
func (s ConvShape) columns(img, dst []float64) {
	p, q := s.P(), s.Q()
	for row := range s.C * s.R * s.S {
		ch, r, t := row/(s.R*s.S), row/s.S%s.R, row%s.S
		out := dst[row*p*q : (row+1)*p*q]
		for i := range p {
			y := i*s.StrideH + r - s.PadH
			line := out[i*q : (i+1)*q]
			if y < 0 || y >= s.H {
				clear(line)
				continue
			}
			src := img[(ch*s.H+y)*s.W : (ch*s.H+y+1)*s.W]
			for j := range line {
				if x := j*s.StrideW + t - s.PadW; x >= 0 && x < s.W {
					line[j] = src[x]
				} else {
					line[j] = 0
				}
			}
		}
	}
}

// addColumns adds an im2col form back onto the image it would come from.
func (s ConvShape) addColumns(cols, img []float64) {
	p, q := s.P(), s.Q()
	for row := range s.C * s.R * s.S {
		ch, r, t := row/(s.R*s.S), row/s.S%s.R, row%s.S
		for i := range p {
			y := i*s.StrideH + r - s.PadH
			if y < 0 || y >= s.H {
				continue
			}
			dst := img[(ch*s.H+y)*s.W : (ch*s.H+y+1)*s.W]
			for j, v := range cols[(row*p+i)*q : (row*p+i+1)*q] {
				if x := j*s.StrideW + t - s.PadW; x >= 0 && x < s.W {
					dst[x] += v
				}
			}
		}
	}
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
	out := New(c, s.N, s.K*pq)
	filter := w.ToDense(c)
	defer filter.Release()
	inner := c.serial()
	c.workers().Do(s.N, func(n int) {
		cols := newDense(inner, crs, pq)
		defer cols.Release()
		s.columns(x.Row(n, nil), cols.dense)
		p := product{c: inner, m: s.K, n: pq, k: crs, a: filter.view(), b: cols.view(), out: out.dense[n*s.K*pq : (n+1)*s.K*pq]}
		p.run()
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
	out := New(c, s.K, crs)
	inner := c.serial()
	const batch = 16 // images whose gradients are held at a time; the order of addition does not depend on it
	for lo := 0; lo < s.N; lo += batch {
		parts := make([]*Matrix, min(batch, s.N-lo))
		c.workers().Do(len(parts), func(i int) {
			cols := newDense(inner, crs, pq)
			defer cols.Release()
			s.columns(x.Row(lo+i, nil), cols.dense)
			parts[i] = New(inner, s.K, crs)
			g := view{dout.Row(lo+i, nil), pq, 1}
			p := product{c: inner, m: s.K, n: crs, k: pq, a: g, b: cols.tview(), out: parts[i].dense}
			p.run()
		})
		for _, p := range parts {
			kernel.Add(out.dense, out.dense, p.dense)
			p.Release()
		}
	}
	return Compact(c, out), nil
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
	c.workers().Do(s.N, func(n int) {
		cols := New(inner, crs, pq)
		defer cols.Release()
		g := view{dout.Row(n, nil), pq, 1}
		p := product{c: inner, m: crs, n: pq, k: s.K, a: filter.tview(), b: g, out: cols.dense}
		p.run()
		s.addColumns(cols.dense, out.dense[n*chw:(n+1)*chw])
	})
	return Compact(c, out), nil
}
