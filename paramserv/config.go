package paramserv

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"gdml/runtime/matrix"
	"gdml/runtime/par"
	"gdml/runtime/value"
)

// The identities of the two machines that are not workers, as passed to Program.Worker.
const (
	ServerID    = -1 // runs Aggregate for the server
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
	Workers   int     // 0 chooses min(budget, batches)
	ModelAvg  bool    // push models and average them instead of gradients
	Weighting bool    // weigh averaged models by the rows behind them
	Alpha     float64 // weight of a pushed model in an asynchronous average; 0 means 1/workers
	Seed      int64

	Budget *par.Workers  // threads of the whole call
	Mem    *matrix.Arena // where batches and sums are allocated; nil is the heap

	Warn    func(string) // nil discards
	OnEpoch func(Epoch)  // called once per finished epoch, in order; nil for none
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
}

// Functions are the user's functions, for the use of one goroutine. Arguments are
// lent, results are new references. Each returns soon after ctx is cancelled.
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

// Check returns everything that is wrong with c, nil when it can be run.
func (c *Config) Check() []error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if strategyNamed(c.UType) == nil {
		bad("unknown utype %q: it is one of %s", c.UType, strings.Join(StrategyNames(), ", "))
	}
	if !slices.Contains(Freqs(), c.Freq) {
		bad("unknown freq %q: it is one of %s", c.Freq, strings.Join(Freqs(), ", "))
	}
	if schemeNamed(c.Scheme) == nil {
		bad("unknown scheme %q: it is one of %s", c.Scheme, strings.Join(SchemeNames(), ", "))
	}
	if c.Freq == "NBATCHES" && c.NBatches < 1 {
		bad("nbatches must be at least 1, not %d", c.NBatches)
	}
	if c.Epochs < 1 {
		bad("epochs must be at least 1, not %d", c.Epochs)
	}
	if c.BatchSize < 1 {
		bad("batchsize must be at least 1, not %d", c.BatchSize)
	}
	if c.Workers < 0 {
		bad("k must be at least 1, not %d", c.Workers)
	}
	if !(c.Alpha >= 0 && c.Alpha <= 1) {
		bad("alpha must lie between 0 and 1, not %v", c.Alpha)
	}
	if c.Weighting && !(c.ModelAvg && c.UType == "BSP") {
		bad("weighting applies to the average of models: it needs modelAvg=TRUE and utype=\"BSP\"")
	}
	return append(errs, c.checkData()...)
}

func (c *Config) checkData() []error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if err := checkModel(c.Model); err != nil {
		errs = append(errs, err)
	}
	switch {
	case c.X == nil || c.Y == nil:
		bad("features and labels are both needed")
	case c.X.Rows() == 0:
		bad("features has no rows")
	case c.X.Rows() != c.Y.Rows():
		bad("features has %d rows, but labels has %d", c.X.Rows(), c.Y.Rows())
	}
	switch {
	case (c.ValX == nil) != (c.ValY == nil):
		bad("val_features and val_labels are needed together")
	case c.ValX != nil && c.ValX.Rows() != c.ValY.Rows():
		bad("val_features has %d rows, but val_labels has %d", c.ValX.Rows(), c.ValY.Rows())
	}
	return errs
}
