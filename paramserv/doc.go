// Package paramserv trains a model with parallel workers and a parameter server.
//
// Run deals the training rows out to workers (Scheme), starts them and a server, and
// returns the server's last model. A worker is granted a round, computes gradients on
// batches of its part and pushes their sum; the server folds pushes into the model when
// the Strategy's Barrier says so. The three functions of the user come in as a Program
// of closures: this package does not know the interpreter and is tested with plain Go
// functions.
//
// The layers, from the inside out:
//
//   - A Barrier (bsp.go, asp.go, sbp.go) and the core that owns it are state machines
//     without time and goroutines: they are told what happened and answer what to do.
//     A schedule numbers the rounds and knows who has a push in which.
//   - The server turns messages into events of the core, and its answers into updates
//     (folder, shards) and grants. It runs in one goroutine.
//   - A Transport joins it with the workers; local does so within a process.
//   - HOGWILD has no server: sharedModel takes its place for the workers.
//
// What must hold:
//
//   - Lists are immutable values. Functions borrow their arguments and return a
//     new reference; nothing is added into a buffer that another list can see.
//   - A worker has at most one message under way and is either computing or waiting,
//     so that the order of pushes determines a run: Log records and repeats it.
//   - In a barrier mode a grant names the round it is for, and carries the model with
//     exactly the updates of the earlier rounds. Rounds are aligned to epochs: a round
//     is closed by the workers that have a push in it, so unequal parts cannot block
//     each other.
//   - Sums and averages are formed in the order of the workers, so a barrier mode
//     gives the same bits for any timing.
//   - Random numbers are derived from Config.Seed and the place where they are drawn
//     (subSeed), never from a state: a repeated batch and a resumed run draw the same.
//   - The state at the end of an epoch is a snapshot of immutable lists; validation and
//     checkpoints work on it beside training.
//   - The first error cancels the call; Run returns after every goroutine it
//     started has ended.
//
// A strategy is one file with one row, a partition scheme one row in scheme.go. The
// semantics are those of the paramserv specification §2 and §3.
package paramserv
