package matrix

import (
	"fmt"
	"math/bits"

	"gonum.org/v1/gonum/dsp/fourier"
)

// PowerOfTwo reports whether n is a length that the Fourier transforms take.
func PowerOfTwo(n int) bool { return n > 0 && bits.OnesCount(uint(n)) == 1 }

// complexCells joins the cells of re and im, which may be nil for zeros.
func complexCells(name string, re, im *Matrix) ([]complex128, error) {
	if im != nil && (im.rows != re.rows || im.cols != re.cols) {
		return nil, fmt.Errorf("%s needs real and imaginary parts of one size: %v and %v", name, re, im)
	}
	out := make([]complex128, re.Cells())
	x := re.Vector()
	for i, v := range x {
		out[i] = complex(v, 0)
	}
	if im != nil {
		for i, v := range im.Vector() {
			out[i] = complex(x[i], v)
		}
	}
	return out, nil
}

// parts splits complex cells into real and imaginary part, scaled.
func parts(c *Ctx, rows, cols int, z []complex128, scale float64) (re, im *Matrix) {
	re, im = newDense(c, rows, cols), newDense(c, rows, cols)
	for i, v := range z {
		re.dense[i], im.dense[i] = real(v)*scale, imag(v)*scale
	}
	return settle(c, re, nil), settle(c, im, nil)
}

// transformRows transforms each of the rows of z, which are n long, in place; backwards without the factor 1/n.
func (c *Ctx) transformRows(z []complex128, rows, n int, inverse bool) {
	if n < 2 {
		return
	}
	c.workers().Range(rows, rowGrain(n), func(lo, hi int) {
		t := fourier.NewCmplxFFT(n)
		for i := lo; i < hi; i++ {
			row := z[i*n : (i+1)*n]
			if inverse {
				t.Sequence(row, row)
			} else {
				t.Coefficients(row, row)
			}
		}
	})
}

// FFT returns the discrete Fourier transform of the matrix re + i*im, in two dimensions:
// of every row, then of every column. im may be nil. The inverse divides by the number
// of cells. Rows and columns must be powers of two.
func FFT(c *Ctx, re, im *Matrix, inverse bool) (*Matrix, *Matrix, error) {
	if !PowerOfTwo(re.rows) || !PowerOfTwo(re.cols) {
		return nil, nil, fmt.Errorf("a Fourier transform needs dimensions that are powers of two: %v", re)
	}
	z, err := complexCells("a Fourier transform", re, im)
	if err != nil {
		return nil, nil, err
	}
	c.transformRows(z, re.rows, re.cols, inverse)
	z = transposeComplex(z, re.rows, re.cols)
	c.transformRows(z, re.cols, re.rows, inverse)
	z = transposeComplex(z, re.cols, re.rows)
	scale := 1.0
	if inverse {
		scale /= float64(len(z))
	}
	a, b := parts(c, re.rows, re.cols, z, scale)
	return a, b, nil
}

// transposeComplex transposes complex cells.
func transposeComplex(z []complex128, rows, cols int) []complex128 {
	out := make([]complex128, len(z))
	for i := range rows {
		for j := range cols {
			out[j*rows+i] = z[i*cols+j]
		}
	}
	return out
}

// FFTRows is FFT of each row on its own; only the number of columns must be a power of two.
func FFTRows(c *Ctx, re, im *Matrix, inverse bool) (*Matrix, *Matrix, error) {
	if !PowerOfTwo(re.cols) {
		return nil, nil, fmt.Errorf("a Fourier transform needs a number of columns that is a power of two: %v", re)
	}
	z, err := complexCells("a Fourier transform", re, im)
	if err != nil {
		return nil, nil, err
	}
	c.transformRows(z, re.rows, re.cols, inverse)
	scale := 1.0
	if inverse {
		scale /= float64(re.cols)
	}
	a, b := parts(c, re.rows, re.cols, z, scale)
	return a, b, nil
}

// STFTFrames returns how many windows cover a row of cols cells.
func STFTFrames(cols, window, overlap int) int {
	step := window - overlap
	return max((cols-overlap+step-1)/step, 0)
}

// STFT returns the short-time Fourier transform of each row of re + i*im: windows of the given
// length, each beginning window-overlap cells after the one before it, transformed on their own
// and put side by side. The last one is filled up with zeros. im may be nil.
func STFT(c *Ctx, re, im *Matrix, window, overlap int) (*Matrix, *Matrix, error) {
	switch {
	case !PowerOfTwo(window):
		return nil, nil, fmt.Errorf("stft needs a window that is a power of two: %d", window)
	case overlap < 0 || overlap >= window:
		return nil, nil, fmt.Errorf("stft needs an overlap from 0 to below the window of %d: %d", window, overlap)
	}
	frames := STFTFrames(re.cols, window, overlap)
	if err := CheckSize(re.rows, frames*window); err != nil {
		return nil, nil, fmt.Errorf("stft: %w", err)
	}
	z, err := complexCells("stft", re, im)
	if err != nil {
		return nil, nil, err
	}
	out := make([]complex128, re.rows*frames*window)
	for i := range re.rows {
		row := z[i*re.cols : (i+1)*re.cols]
		for k := range frames {
			if from := k * (window - overlap); from < len(row) {
				copy(out[(i*frames+k)*window:][:window], row[from:])
			}
		}
	}
	c.transformRows(out, re.rows*frames, window, false)
	a, b := parts(c, re.rows, frames*window, out, 1)
	return a, b, nil
}
