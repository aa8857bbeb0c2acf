package paramserv

import (
	"context"
	"fmt"
	"strings"

	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// The identities of the two machines that are not workers, as passed to Program.Worker.
const (
	ServerID    = -1 // runs Aggregate for the server; the second and later shards of a model are ServerID-2, ServerID-3, ...
	ValidatorID = -2 // runs Validate
)

// Config is one call. Words are those of the language; Check says what is wrong with them.
type Config struct {
	Model      *value.List    // start; lent
	X, Y       *matrix.Matrix // training rows and their targets; lent
	ValX, ValY *matrix.Matrix // validation rows; nil when there is no validation

	UType    string // a Strategy's name
	Freq     string // a word of Freqs
	Scheme   string // a Scheme's name
	NBatches int    // batches per push under NBATCHES

	Epochs    int
	BatchSize int
	Workers   int      // 0 chooses min(budget, batches)
	ModelAvg  bool     // push models and average them instead of gradients
	Weighting bool     // weigh averaged models by the rows behind them
	Alpha     *float64 // weight of a pushed model in an asynchronous or elastic average; nil means 1/workers, 0.9/workers for EASGD
	Seed      int64
	SeedFixed bool // Seed is part of the call; a resumed run without it takes the seed of its checkpoint

	Staleness  int    // SSP: rounds that a worker may be ahead
	Backup     int    // SBP: workers that a round does not wait for
	AutoBackup bool   // SBP: choose Backup from the speed of the workers
	Imbalance  string // a word of Imbalances; "" is SKIP
	Reshuffle  bool   // OVERLAP_RESHUFFLE: a new order in every epoch
	Ceiled     bool   // contiguous blocks of ceil(rows/workers) rows, the last ones shorter
	Servers    int    // shards of the model; 0 is 1
	Prefetch   bool   // cut the next batch while one is computed
	Compress   Compression
	Retries    int // times that a failed batch is computed anew; above 0 lost workers are replaced by the others

	Checkpoint Checkpointing
	Faults     *Faults // failures to inject; nil for none
	Delays     *Delays // waiting to inject after gradients; nil for none
	Record     *Log    // is filled with the order of events; nil for no record
	Replay     *Log    // order of events to repeat; nil for any

	Budget *par.Workers  // threads of the whole call
	Mem    *matrix.Arena // where batches and sums are allocated; nil is the heap

	Warn    func(string) // nil discards
	OnEpoch func(Epoch)  // called once per finished epoch, in order; nil for none
	OnEvent func(Event)  // called for everything that happens, by one goroutine at a time; nil for none
}

// Info tells a function what it is called for. Counts start at 1.
type Info struct {
	Epoch     int // of the batch, or of the push or round being applied
	Round     int // number of the push within the run, aligned over all workers
	Iter      int // batches this worker has begun; for the server the updates it has begun
	Worker    int // 0 when several workers were combined
	Workers   int
	Rows      int // rows behind the batch or behind the gradients being applied
	BatchSize int
	Seed      uint64 // of everything random in this call of the function; the same whenever it is repeated
}

// Functions are the user's functions, for the use of one goroutine. Arguments are
// lent, results are new references. Each returns soon after ctx is cancelled. What
// they draw must come from Info.Seed, so that a repeated call gives the same result.
type Functions interface {
	// Gradient returns the gradients of one batch.
	Gradient(ctx context.Context, info Info, model *value.List, x, y *matrix.Matrix) (*value.List, error)
	// Aggregate returns the model after one step along the gradients.
	Aggregate(ctx context.Context, info Info, model, gradients *value.List) (*value.List, error)
	// Validate returns loss and accuracy on the validation rows.
	Validate(ctx context.Context, info Info, model *value.List, x, y *matrix.Matrix) (loss, accuracy float64, err error)
	// Close ends the use.
	Close()
}

// Program makes the functions of worker id (0-based, or ServerID, ValidatorID) with a budget of threads.
// Worker may be called several times for one id, by several goroutines.
type Program interface {
	Worker(id, threads int) (Functions, error)
}

// Epoch is one row of the history.
type Epoch struct {
	Epoch          int
	Seconds        float64 // since the start of training
	Pushes         int     // of this epoch
	MeanStale      float64 // updates made between the pull and the use of a push
	MaxStale       int
	Loss, Accuracy float64 // NaN without validation
}

// Freqs lists the legal words of Config.Freq: how many batches a push covers.
func Freqs() []string { return []string{"BATCH", "NBATCHES", "EPOCH"} }

// Imbalances lists the legal words of Config.Imbalance: what a worker does whose part
// has fewer pushes in an epoch than another's. SKIP waits, CYCLE repeats its pushes,
// DROP makes all workers end with the shortest part.
func Imbalances() []string { return []string{"SKIP", "CYCLE", "DROP"} }

// Error is a failure in one of the functions.
type Error struct {
	Step         string // gradient, aggregation or validation
	Worker       int    // 1-based; 0 for the server
	Epoch, Batch int    // 1-based; Batch is 0 outside a batch
	Err          error
}

func (e *Error) Error() string {
	return "paramserv " + e.Where() + ": " + e.Err.Error()
}

// Where describes the place without the cause: gradient of worker 2, epoch 1, batch 3.
func (e *Error) Where() string {
	var b strings.Builder
	b.WriteString(e.Step)
	if e.Worker > 0 {
		fmt.Fprintf(&b, " of worker %d", e.Worker)
	}
	fmt.Fprintf(&b, ", epoch %d", e.Epoch)
	if e.Batch > 0 {
		fmt.Fprintf(&b, ", batch %d", e.Batch)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }
