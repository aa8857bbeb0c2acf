package paramserv

import "encoding/json"

// Event is something that happened in a call. Fields that do not apply are zero; worker,
// round, epoch and batch count from 1.
type Event struct {
	// Kind is start, push, update, epoch, retry, lost, checkpoint, error or end.
	Kind      string  `json:"event"`
	Time      float64 `json:"t"` // seconds since training began, over all runs of a resumed call
	UType     string  `json:"utype,omitempty"`
	Workers   int     `json:"workers,omitempty"`
	Worker    int     `json:"worker,omitempty"`
	Epoch     int     `json:"epoch,omitempty"`  // of start: those that a checkpoint has brought
	Epochs    int     `json:"epochs,omitempty"` // of start: those of the whole call
	Rounds    int     `json:"rounds,omitempty"` // of start: those of an epoch
	Round     int     `json:"round,omitempty"`  // within the run
	Batch     int     `json:"batch,omitempty"`
	Rows      int     `json:"rows,omitempty"`
	Bytes     int64   `json:"bytes,omitempty"`
	Version   int     `json:"version,omitempty"` // updates made so far
	Pushes    int     `json:"pushes,omitempty"`
	Discarded bool    `json:"discarded,omitempty"`
	Ages      []int   `json:"ages,omitempty"`    // updates made between pull and use: of update one per push, of push if it is used at once
	Seconds   float64 `json:"seconds,omitempty"` // what it took; of push the worker's time from pull to push
	MeanStale float64 `json:"mean_staleness,omitempty"`
	MaxStale  int     `json:"max_staleness,omitempty"`
	Loss      *Number `json:"loss,omitempty"`
	Accuracy  *Number `json:"accuracy,omitempty"`
	Message   string  `json:"message,omitempty"`
}

// Number is a float whose JSON form is null when it is not finite.
type Number float64

// MarshalJSON implements json.Marshaler.
func (n Number) MarshalJSON() ([]byte, error) {
	b, err := json.Marshal(float64(n))
	if err != nil { // infinite or not a number
		return []byte("null"), nil
	}
	return b, nil
}

func epochEvent(e *Epoch) Event {
	loss, accuracy := Number(e.Loss), Number(e.Accuracy)
	return Event{
		Kind: "epoch", Epoch: e.Epoch, Seconds: e.Seconds, Pushes: e.Pushes, MeanStale: e.MeanStale, MaxStale: e.MaxStale,
		Loss: &loss, Accuracy: &accuracy,
	}
}
