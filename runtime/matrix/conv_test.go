package matrix

import (
	"slices"
	"testing"
)

// convShapes cover strides, padding, several channels and filters, and windows that do not divide the image.
var convShapes = []ConvShape{
	{N: 2, C: 1, H: 3, W: 3, K: 1, R: 2, S: 2, StrideH: 1, StrideW: 1},
	{N: 3, C: 2, H: 5, W: 6, K: 3, R: 3, S: 2, StrideH: 2, StrideW: 1, PadH: 1, PadW: 2},
	{N: 18, C: 3, H: 7, W: 7, K: 4, R: 3, S: 3, StrideH: 2, StrideW: 3, PadH: 1, PadW: 0},
	{N: 1, C: 2, H: 4, W: 4, K: 2, R: 4, S: 4, StrideH: 1, StrideW: 1},
	{N: 20, C: 5, H: 40, W: 40, K: 9, R: 3, S: 5, StrideH: 1, StrideW: 1, PadH: 1, PadW: 2}, // several bands, groups of two images
	{N: 2, C: 1, H: 2, W: 2, K: 2, R: 5, S: 5, StrideH: 1, StrideW: 1, PadH: 3, PadW: 3},    // columns of the filter that miss the image
}

// visit calls f for every product of the convolution: image, input, filter and output positions.
func (s ConvShape) visit(f func(n, in, filter, w, out int)) {
	p, q := s.P(), s.Q()
	for n := range s.N {
		for k := range s.K {
			for i := range p {
				for j := range q {
					for c := range s.C {
						for r := range s.R {
							for t := range s.S {
								y, x := i*s.StrideH+r-s.PadH, j*s.StrideW+t-s.PadW
								if y >= 0 && y < s.H && x >= 0 && x < s.W {
									f(n, (c*s.H+y)*s.W+x, k, (c*s.R+r)*s.S+t, (k*p+i)*q+j)
								}
							}
						}
					}
				}
			}
		}
	}
}

func TestConvolutionAgainstOracle(t *testing.T) {
	for _, s := range convShapes {
		for _, kind := range []content{whole, few} {
			kpq := s.K * s.P() * s.Q()
			x, w, d := draw(s.N, s.C*s.H*s.W, kind), draw(s.K, s.C*s.R*s.S, kind), draw(s.N, kpq, kind)
			out, dw, dx := newGrid(s.N, kpq), newGrid(s.K, w.cols), newGrid(s.N, x.cols)
			s.visit(func(n, in, k, at, o int) {
				out[n][o] += x.g[n][in] * w.g[k][at]
				dw[k][at] += x.g[n][in] * d.g[n][o]
				dx[n][in] += w.g[k][at] * d.g[n][o]
			})
			for f := range 4 {
				for _, c := range contexts() {
					got, err := Conv2D(c, x.forms()[f&1], w.forms()[f>>1], s)
					if err != nil {
						t.Fatal(err)
					}
					expect(t, "conv2d", got, s.N, kpq, out, 0)
					if got, err = Conv2DBackwardFilter(c, x.forms()[f&1], d.forms()[f>>1], s); err != nil {
						t.Fatal(err)
					}
					expect(t, "conv2d_backward_filter", got, s.K, w.cols, dw, 0)
					if got, err = Conv2DBackwardData(c, w.forms()[f&1], d.forms()[f>>1], s); err != nil {
						t.Fatal(err)
					}
					expect(t, "conv2d_backward_data", got, s.N, x.cols, dx, 0)
				}
			}
		}
	}
}

func TestConvolutionGolden(t *testing.T) {
	s := ConvShape{N: 1, C: 1, H: 3, W: 3, K: 1, R: 2, S: 2, StrideH: 1, StrideW: 1}
	img := Transpose(nil, seqOf(t, 1, 9, 1))
	if got := must(t)(Conv2D(nil, img, Fill(nil, 1, 4, 1), s)); !slices.Equal(got, []float64{12, 16, 24, 28}) {
		t.Errorf("conv2d: %v", got)
	}
}

func TestConvolutionRejects(t *testing.T) {
	good := convShapes[0]
	x, w := New(nil, 2, 9), New(nil, 1, 4)
	for _, change := range []func(s *ConvShape){
		func(s *ConvShape) { s.StrideH = 0 }, func(s *ConvShape) { s.PadW = -1 }, func(s *ConvShape) { s.R = 4 },
		func(s *ConvShape) { s.C = 0 }, func(s *ConvShape) { s.N = 3 }, func(s *ConvShape) { s.K = 2 },
	} {
		s := good
		change(&s)
		if _, err := Conv2D(nil, x, w, s); err == nil {
			t.Errorf("%+v: no error", s)
		}
		if _, err := Conv2DBackwardData(nil, w, New(nil, 2, 4), s); err == nil {
			t.Errorf("%+v backward data: no error", s)
		}
	}
	if _, err := Conv2DBackwardFilter(nil, x, New(nil, 2, 5), good); err == nil {
		t.Error("gradients that do not fit: no error")
	}
}
