// Package par runs loops on several cores.
//
// A Workers value is a thread budget. It is passed to whoever may use threads and
// is split when work is nested (parfor, paramserv): there is no global pool size.
// Do cuts nothing itself: the caller decides on the chunks, from the size of the
// data alone, so that results cannot depend on the number of threads.
//
// The package starts goroutines and nothing else; it knows no matrices.
package par
