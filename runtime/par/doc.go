// Package par runs loops on several cores.
//
// A Workers value is a thread budget. It is passed to whoever may use threads and
// is split when work is nested (parfor, paramserv): there is no global pool size.
// Do cuts nothing itself: the caller decides on the chunks, from the size of the
// data alone, so that results cannot depend on the number of threads.
//
// Waking a second core costs as much as a hundred microseconds of arithmetic. A
// budget made by Spinning therefore keeps its helper goroutines busy for a while
// after every loop: the next one reaches them within a microsecond. When the window
// is over a helper ends, so an idle budget costs neither time nor goroutines and
// needs no Close. Budgets that were not made so end their helpers at once.
//
// The budgets derived from one New share its helpers, at most one less than its
// threads. A loop gets those that are free and its caller does the rest; a loop
// within a chunk finds none free and runs serially. Nothing waits for a helper that
// has not begun.
//
// DoCost and RangeCost are for callers that know roughly how long a loop takes: what
// is too short to gain from other cores stays on the caller's.
//
// The package starts goroutines and nothing else; it knows no matrices.
package par
