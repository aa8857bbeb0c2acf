package builtins

import (
	"fmt"

	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

const signals = "Fourier transforms"

// fftFuncs are the discrete Fourier transforms.
func fftFuncs() []*Func {
	const byRow = " of each row of X on its own; the number of columns is a power of two."
	const plane = " of X in two dimensions, rows and then columns, both powers of two; of a vector that of its cells."
	return []*Func{
		fft("fft", "discrete Fourier transform"+plane+" It is not scaled.", matrix.FFT, false, false,
			`[re, im] = fft(matrix("1 2 3 4", 1, 4)); print(re); print(im)  # 10.000 -2.000 -2.000 -2.000 /  / 0.000 2.000 0.000 -2.000`),
		fft("ifft", "inverse discrete Fourier transform"+plane+" It is divided by the number of cells.", matrix.FFT, true, false,
			`[re, im] = fft(matrix("1 2 3 4", 1, 4)); [x, y] = ifft(re, im); print(x)  # 1.000 2.000 3.000 4.000`),
		fft("fft_linearized", "discrete Fourier transform"+byRow+" It is not scaled.", matrix.FFTRows, false, true,
			`[re, im] = fft_linearized(matrix("1 2 3 4", 2, 2)); print(re)  # 3.000 -1.000 / 7.000 -1.000`),
		fft("ifft_linearized", "inverse discrete Fourier transform"+byRow+" It is divided by their number.", matrix.FFTRows, true, true,
			`[re, im] = ifft_linearized(matrix("3 -1 7 -1", 2, 2)); print(re)  # 1.000 2.000 / 3.000 4.000`),
		stft(),
	}
}

type fftDoor = func(c *matrix.Ctx, re, im *matrix.Matrix, inverse bool) (*matrix.Matrix, *matrix.Matrix, error)

func fft(name, what string, door fftDoor, inverse, byRow bool, example string) *Func {
	params := []types.Param{need("X", types.Mat, "matrix, n x m")}
	operand := "X"
	if inverse {
		params = append(params, may("im", types.Mat, "", "imaginary part, n x m; zeros without it"))
		operand = "X + i*im"
	}
	return &Func{
		Signature: types.Signature{Name: name, Params: params, Results: mats(2), MultiResult: true},
		Family:    signals,
		Doc:       fmt.Sprintf("[re, im] = %s(...): real and imaginary part, n x m, of the %s The operand is %s.", name, what, operand),
		Example:   example,
		Pure:      true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			x := in[0]
			for _, n := range []int64{x.Rows, x.Cols} {
				if n >= 0 && !matrix.PowerOfTwo(int(n)) && (!byRow || n == x.Cols) {
					return nil, &op.Mismatch{Msg: name + " needs powers of two as dimensions", In: []int{0}}
				}
			}
			return []op.Shape{op.Dims(x.Rows, x.Cols), op.Dims(x.Rows, x.Cols)}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			re, im, err := complexArg(a, 1)
			if err != nil {
				return nil, err
			}
			x, y, err := door(a.M.Mat(), re, im, inverse)
			if err != nil {
				return nil, named(a, err)
			}
			return []value.Value{x, y}, nil
		},
	}
}

// complexArg returns argument 0 and, if it was passed and is a matrix, the imaginary part at argument i.
func complexArg(a *exec.Args, i int) (re, im *matrix.Matrix, err error) {
	if re, err = a.Matrix(0); err != nil || !a.Has(i) {
		return re, nil, err
	}
	im, err = a.Matrix(i)
	return re, im, err
}

func stft() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "stft",
			Params: []types.Param{
				need("X", types.Mat, "signals, one per row, n x m"),
				need("im", types.Any, "imaginary part, n x m; may be left out"),
				need("window", types.IntT, "length of the windows, a power of two"),
				may("overlap", types.IntT, "", "cells that neighbouring windows share"),
			},
			Results: mats(2), MultiResult: true,
			Check: checks(takesAt("stft", 1, matrix2|number), stftWindow),
		},
		Family: signals,
		Doc: "[re, im] = stft(X, window, overlap) or stft(X, im, window, overlap): the short-time Fourier transform of each row." +
			" Windows start every window-overlap cells, floor((m-overlap+step-1)/step) of them with step = window-overlap, and the" +
			" last is filled up with zeros; their transforms stand side by side, n x windows*window.",
		Example: `[re, im] = stft(matrix("1 2 3", 1, 3), 2, 1); print(re)  # 3.000 -1.000 5.000 -1.000`,
		Pure:    true,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			s := op.Dims(in[0].Rows, op.Unknown)
			n := len(in)
			window, overlap := size(in, n-2), size(in, n-1)
			if in[0].Cols >= 0 && window > overlap && overlap >= 0 && matrix.PowerOfTwo(int(window)) {
				s.Cols = window * int64(matrix.STFTFrames(int(in[0].Cols), int(window), int(overlap)))
			}
			return []op.Shape{s, s}, nil
		},
		Call: callSTFT,
	}
}

func stftWindow(c types.Call) []types.Problem {
	at := 1
	if c.Has(3) {
		at = 2
	}
	if w, ok := literal(c, at); ok && (w < 1 || w > 1<<30 || !matrix.PowerOfTwo(int(w))) {
		return problem(at, "", "stft: the window must be a power of two, not %v", w)
	}
	return nil
}

func callSTFT(a *exec.Args) ([]value.Value, error) {
	at := 2
	imag := 1
	if !a.Has(3) {
		at, imag = 1, len(a.Vals)
	}
	re, im, err := complexArg(a, imag)
	if err != nil {
		return nil, err
	}
	window, err := a.Int(at, 0)
	if err != nil {
		return nil, err
	}
	overlap, err := a.Int(at+1, 0)
	if err != nil {
		return nil, err
	}
	x, y, err := matrix.STFT(a.M.Mat(), re, im, int(min(window, 1<<31)), int(max(min(overlap, 1<<31), -1)))
	if err != nil {
		return nil, named(a, err)
	}
	return []value.Value{x, y}, nil
}
