package main

// ring keeps the last items of a sequence. Items are numbered from 0.
type ring[T any] struct {
	items []T
	most  int // items kept
	next  int // number of the item that comes next
}

// newRing reserves the room for most items at once: memory that is not used costs nothing, and growing would.
func newRing[T any](most int) *ring[T] { return &ring[T]{items: make([]T, 0, most), most: most} }

func (r *ring[T]) put(item T) {
	if len(r.items) < r.most {
		r.items = append(r.items, item)
	} else {
		r.items[r.next%r.most] = item
	}
	r.next++
}

// from returns up to limit items from number i on, the number after them, and how many are
// no longer kept.
func (r *ring[T]) from(i, limit int) (items []T, next, missed int) {
	if first := r.next - len(r.items); i < first {
		i, missed = first, first-i
	}
	for ; i < r.next && len(items) < limit; i++ {
		items = append(items, r.items[i%r.most])
	}
	return items, i, missed
}
