package size

import (
	"fmt"

	"gdml/compiler/hop"
	"gdml/lang/op"
)

// hint says how operands a and b of n, written as x and y, could be made to fit.
func hint(n *hop.Node, x, y string, a, b op.Shape) string {
	if !a.Known() || !b.Known() {
		return ""
	}
	switch n.Op {
	case op.MatMul:
		switch {
		case a.Rows == b.Rows:
			return fmt.Sprintf("t(%s) %%*%% %s fits and gives %s", x, y, op.Dims(a.Cols, b.Cols))
		case a.Cols == b.Cols:
			return fmt.Sprintf("%s %%*%% t(%s) fits and gives %s", x, y, op.Dims(a.Rows, b.Rows))
		}
		return fmt.Sprintf("%s has %s, so %s needs %s", x, count(a.Cols, "column"), y, count(a.Cols, "row"))
	case op.Cell2:
		if a.Rows == b.Cols && a.Cols == b.Rows {
			return fmt.Sprintf("t(%s) has the dimensions of %s", y, x)
		}
	case op.CBind:
		if a.Cols == b.Cols {
			return "rbind puts matrices below each other"
		}
	case op.RBind:
		if a.Rows == b.Rows {
			return "cbind puts matrices side by side"
		}
	}
	return ""
}

func count(n int64, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
