// Package paramserv trains a model with parallel workers and a parameter server.
//
// Run cuts the training rows into one part per worker (Scheme), starts the workers
// and a server, and returns the server's last model. A worker pulls a model,
// computes gradients on batches of its part and pushes their sum; the server folds
// pushes into the model when the Strategy's Barrier says so. The three functions
// of the user come in as a Program of closures: this package does not know the
// interpreter and is tested with plain Go functions.
//
// What must hold:
//
//   - Lists are immutable values. Functions borrow their arguments and return a
//     new reference; nothing is added into a buffer that another list can see.
//   - The server's model is a snapshot with a version, the number of updates made
//     to it. A pull takes the newest snapshot, or in a barrier mode the one with
//     exactly the updates of the earlier rounds. There are no mailboxes.
//   - Rounds are aligned to epochs: round r of an epoch is closed by the workers
//     that have an r-th push in it, so unequal parts cannot block each other.
//   - Sums and averages are formed in the order of the workers, so a barrier mode
//     gives the same bits for any timing.
//   - All random choices derive from Config.Seed, see subSeed.
//   - The first error cancels the call; Run returns after every goroutine it
//     started has ended.
//
// A strategy is one file with one row (bsp.go, asp.go), a partition scheme one row
// in scheme.go. The semantics are those of the paramserv specification §2.
package paramserv
