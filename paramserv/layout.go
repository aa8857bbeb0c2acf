package paramserv

import (
	"fmt"
	"sync"

	"gdml/runtime/matrix"
	"gdml/runtime/value"
)

// layout is the number and the sizes of a list's entries, as the first list set
// them; every later one must agree. It may be used by several goroutines.
type layout struct {
	what string // gradients or model, for messages
	mu   sync.Mutex
	set  bool
	dims []dim
}

// dim is the size of an entry; {-1, -1} is a number.
type dim struct{ rows, cols int }

func (d dim) String() string {
	if d.rows < 0 {
		return "a number"
	}
	return fmt.Sprintf("%dx%d", d.rows, d.cols)
}

// check compares l with the layout. The error names the entry.
func (l *layout) check(list *value.List) error {
	dims := make([]dim, list.Len())
	for i := range dims {
		switch v := list.At(i).(type) {
		case *matrix.Matrix:
			dims[i] = dim{v.Rows(), v.Cols()}
		case int64, float64:
			dims[i] = dim{-1, -1}
		default:
			return fmt.Errorf("entry %s of the %s is a %s; entries that are added or averaged are matrices or numbers",
				entryName(list, i), l.what, value.TypeOf(v))
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.set {
		l.set, l.dims = true, dims
		return nil
	}
	if len(dims) != len(l.dims) {
		return fmt.Errorf("the %s has %d entries, but %d entries were pushed before", l.what, len(dims), len(l.dims))
	}
	for i, d := range dims {
		if d != l.dims[i] {
			return fmt.Errorf("entry %s of the %s is %v, but %v was pushed before", entryName(list, i), l.what, d, l.dims[i])
		}
	}
	return nil
}

func entryName(l *value.List, i int) string {
	if l.Named() {
		return fmt.Sprintf("%q", l.Name(i))
	}
	return fmt.Sprint(i + 1)
}

// checkModel refuses what cannot be copied to workers.
func checkModel(l *value.List) error {
	if l == nil {
		return fmt.Errorf("model is missing")
	}
	for i := range l.Len() {
		switch v := l.At(i).(type) {
		case *matrix.Matrix, int64, float64, bool, string:
		default:
			return fmt.Errorf("entry %s of the model is a %s; a model holds matrices and scalars", entryName(l, i), value.TypeOf(v))
		}
	}
	return nil
}

// named gives next the names of prev when the function returned it without names
// and equally long. It consumes the reference of next.
func named(prev, next *value.List) *value.List {
	if next.Named() || !prev.Named() || prev.Len() != next.Len() {
		return next
	}
	vals := make([]value.Value, next.Len())
	for i := range vals {
		vals[i] = value.Retain(next.At(i))
	}
	value.Release(next)
	return value.NewList(vals, prev.Names())
}

// sum adds lists left to right. The result is a new reference.
func sum(c *matrix.Ctx, ls []*value.List) (*value.List, error) {
	acc := value.Retain(ls[0]).(*value.List)
	for _, l := range ls[1:] {
		next, err := value.AddLists(c, acc, l)
		value.Release(acc)
		if err != nil {
			return nil, err
		}
		acc = next
	}
	return acc, nil
}

// average forms the mean of lists with positive weights as a running mix of
// differences, acc + p*(l - acc), so that equal lists give themselves bit for bit
// (a plain sum divided by their number does not). The result is a new reference.
func average(c *matrix.Ctx, ls []*value.List, weight []float64) (*value.List, error) {
	acc, total := value.Retain(ls[0]).(*value.List), weight[0]
	for i, l := range ls[1:] {
		total += weight[i+1]
		next, err := value.MixLists(c, acc, l, weight[i+1]/total)
		value.Release(acc)
		if err != nil {
			return nil, err
		}
		acc = next
	}
	return acc, nil
}
