package cell

import (
	"errors"
	"math"
	"testing"
)

func TestIntArithmetic(t *testing.T) {
	const top, bottom = math.MaxInt64, math.MinInt64
	for _, k := range []struct {
		name       string
		f          func(a, b int64) (int64, error)
		a, b, want int64
		overflow   bool
	}{
		{"add", AddInt, 2, 3, 5, false}, {"add", AddInt, top, 1, 0, true}, {"add", AddInt, top, 0, top, false},
		{"add wraps", AddInt, bottom, -1, top, false}, {"add through a double", AddInt, 1 << 53, 1, 1 << 53, false},
		{"sub", SubInt, 2, 3, -1, false}, {"sub", SubInt, top, -1, 0, true}, {"sub", SubInt, 0, bottom, 0, true}, {"sub wraps", SubInt, bottom, 1, top, false},
		{"mul", MulInt, -4, 5, -20, false}, {"mul", MulInt, top, 2, 0, true}, {"mul", MulInt, bottom, -1, 0, true}, {"mul", MulInt, 0, top, 0, false},
		{"mul", MulInt, 1 << 32, 1 << 31, 0, true}, {"mul", MulInt, 3037000500, 3037000500, 0, true},
		{"div", IntDivInt, -7, 2, -3, false}, {"div", IntDivInt, 7, 2, 3, false}, {"div", IntDivInt, 5, 0, 0, true},
		{"div", IntDivInt, -5, 0, bottom, false}, {"div", IntDivInt, 0, 0, 0, false},
	} {
		got, err := k.f(k.a, k.b)
		if (err == ErrOverflow) != k.overflow || err == nil && got != k.want {
			t.Errorf("%s(%d, %d) = %d, %v, want %d, overflow %v", k.name, k.a, k.b, got, err, k.want, k.overflow)
		}
	}
	for _, k := range [][3]int64{{-7, 3, -1}, {7, -3, 1}, {7, 3, 1}, {5, 0, 0}, {6, 3, 0}} {
		if got := ModInt(k[0], k[1]); got != k[2] {
			t.Errorf("ModInt(%d, %d) = %d, want %d", k[0], k[1], got, k[2])
		}
	}
}

func TestToInt(t *testing.T) {
	for _, k := range []struct {
		v    float64
		want int64
	}{
		{2.7, 2}, {-2.7, -2}, {0.9999999999999999, 1}, {0.99999999, 0}, {math.NaN(), 0}, {math.Inf(1), math.MaxInt64},
		{math.Inf(-1), math.MinInt64}, {1e300, math.MaxInt64}, {0, 0},
	} {
		if got := ToInt(k.v); got != k.want {
			t.Errorf("ToInt(%g) = %d, want %d", k.v, got, k.want)
		}
	}
}

func TestCellFunctions(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for _, k := range []struct {
		name      string
		got, want float64
	}{
		{"-7 %/% 3", IntDiv.F(-7, 3), -2}, {"-7 %% 3", Mod.F(-7, 3), -1}, {"7 %% -3", Mod.F(7, -3), 1}, {"5 %% Inf", Mod.F(5, inf), nan},
		{"5 %% 0", Mod.F(5, 0), nan}, {"5 %/% 0", IntDiv.F(5, 0), inf}, {"Inf %% 2", Mod.F(inf, 2), nan},
		{"NaN == NaN", Eq.F(nan, nan), 0}, {"NaN != NaN", Ne.F(nan, nan), 1}, {"NaN & 1", And.F(nan, 1), 1}, {"!NaN", Not.F(nan), 0},
		{"min NaN", Min.F(1, nan), nan}, {"max NaN", Max.F(nan, 1), nan}, {"round -2.5", Round.F(-2.5), -2}, {"round NaN", Round.F(nan), 0},
		{"round Inf", Round.F(inf), math.MaxInt64}, {"round 0.49999999999999994", Round.F(0.49999999999999994), 0}, {"3^2", Pow.F(3, 2), 9},
		{"sign NaN", Sign.F(nan), nan}, {"sign -4", Sign.F(-4), -1}, {"xor", Xor.F(2, 0), 1}, {"log", LogBase.F(8, 2), 3},
	} {
		if k.got != k.want && (k.got == k.got || k.want == k.want) {
			t.Errorf("%s: %v, want %v", k.name, k.got, k.want)
		}
	}
}

// TestAlgebra checks the columns of the tables against the functions.
func TestAlgebra(t *testing.T) {
	probe := []float64{0, 1, -1, 0.5, -2.25, 1e10}
	for _, f := range append(Unaries(), Not, Square, Sigmoid, Sprop) {
		if f.ZeroSafe != (f.F(0) == 0) {
			t.Errorf("%s: ZeroSafe is %v, f(0) = %v", f.Name, f.ZeroSafe, f.F(0))
		}
		if f.Builtin && f.Doc == "" {
			t.Errorf("%s: no documentation", f.Name)
		}
	}
	for _, f := range Binaries() {
		left, right, commutes := true, true, true
		for _, a := range probe {
			left = left && f.F(0, a) == 0
			right = right && f.F(a, 0) == 0
			for _, b := range probe {
				x, y := f.F(a, b), f.F(b, a)
				commutes = commutes && (x == y || x != x && y != y)
			}
		}
		if f.LeftZero != left || f.RightZero != right || f.Commutes != commutes || f.BothZero != (f.F(0, 0) == 0) {
			t.Errorf("%s: the table says zeros %v %v %v, commutes %v; the function says %v %v %v, %v",
				f.Name, f.LeftZero, f.RightZero, f.BothZero, f.Commutes, left, right, f.F(0, 0) == 0, commutes)
		}
	}
}
func TestInts(t *testing.T) {
	for _, tt := range []struct {
		f    *Binary
		a, b int64
		want int64
	}{
		{Add, 2, 3, 5}, {Sub, 2, 3, -1}, {Mul, -2, 3, -6}, {IntDiv, -7, 2, -3}, {Mod, -7, 3, -1}, {Min, 4, -4, -4}, {Max, 4, -4, 4},
	} {
		if n, ok, err := Ints(tt.f, tt.a, tt.b); n != tt.want || !ok || err != nil {
			t.Errorf("%d %s %d is %d, %v, %v; want %d", tt.a, tt.f.Name, tt.b, n, ok, err, tt.want)
		}
	}
	if _, ok, err := Ints(Add, math.MaxInt64, 1); !ok || !errors.Is(err, ErrOverflow) {
		t.Errorf("an overflow gives %v, %v", ok, err)
	}
	for _, f := range []*Binary{Div, Pow, Lt} {
		if _, ok, _ := Ints(f, 1, 2); ok {
			t.Errorf("%s of ints is an int", f.Name)
		}
	}
}
