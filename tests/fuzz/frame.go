package fuzz

import (
	"fmt"
	"strings"
)

// frameTypes are the types of the columns of all frames.
var frameTypes = []string{"INT64", "FP64", "STRING", "BOOLEAN"}

// frameRow writes the cells of one row.
func (w *writer) frameRow() string {
	return strings.Join([]string{
		itoa(w.IntN(9)), w.pick("0.5", "2.25", "-7.5"), w.pick(`"a"`, `"b c"`, `"x"`), w.pick("TRUE", "FALSE"),
	}, ", ")
}

// frame makes a frame and prints what becomes of it.
func (w *writer) frame() {
	f, g := w.fresh("F"), w.fresh("F")
	rows := 1 + w.IntN(3)
	var cells []string
	for range rows {
		cells = append(cells, w.frameRow())
	}
	w.line(`%s = frame(data=list(%s), rows=%d, cols=%d, schema=["%s"])`,
		f, strings.Join(cells, ", "), rows, len(frameTypes), strings.Join(frameTypes, `", "`))
	i, j, first := 1+w.IntN(rows), 1+w.IntN(len(frameTypes)), 1
	if !w.opt.Reference { // its parts have other names after the whole was printed
		first = j
	}
	for range 1 + w.IntN(3) {
		switch w.IntN(9) {
		case 0:
			w.line("%s[%d, %d] = %s[%d, %d]", f, 1+w.IntN(rows), j, f, i, j)
		case 1:
			w.line("%s[%d, %d] = %s", f, i, w.IntN(2)+1, w.pick("3", "8"))
		case 2:
			w.line(`%s[%d, 3] = %s`, f, i, w.pick(`"new"`, `"a"`))
		case 3:
			w.line("print(as.scalar(%s[%s, %d]))", f, w.index(rows), j)
		case 4:
			w.line(`%s = replace(target=%s, pattern="a", replacement="w")`, f, f)
		case 5:
			w.line("print(sum(as.matrix(%s[, 1:2])))", f)
		case 6:
			w.line("print(toString(typeof(%s[, %d:4])))", f, j)
		case 7:
			w.line(`print(toString(map(%s[, 3], "x -> x.toUpperCase()")))`, f)
		default:
			w.line(`[%s, %s] = transformencode(target=%s, spec="{ids:true, recode:[3]}")`, w.fresh("M"), w.fresh("F"), f)
		}
	}
	w.line("%s = %s", g, w.pick(
		fmt.Sprintf("rbind(%s, %s[%d, ])", f, f, i),
		fmt.Sprintf("cbind(%s, %s[, %d])", f, f, j),
		fmt.Sprintf("%s[%d:%d, %d:4]", f, i, rows, first),
		fmt.Sprintf("%s == %s", f, f),
		fmt.Sprintf(`removeEmpty(target=%s, margin="rows", select=matrix(1, %d, 1))`, f, rows),
	))
	w.line("print(nrow(%s) + \" \" + ncol(%s))", g, g)
	w.line("print(toString(%s))", g)
	w.line("print(toString(%s))", f)
}
