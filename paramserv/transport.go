package paramserv

import (
	"context"
	"errors"
	"time"

	"gdml/runtime/value"
)

// Transport carries messages between the workers and the server. The server calls
// Receive, Send and Cancel from one goroutine; worker w calls Link(w) once and uses
// what it gets from another.
type Transport interface {
	Link(worker int) Link
	// Receive returns the next message of any worker.
	Receive(ctx context.Context) (Message, error)
	// Send answers a push, or begins the run, of a worker that waits in Pull.
	Send(worker int, g Grant)
	// Cancel stops a worker whose result is no longer wanted: its context ends with errReleased.
	Cancel(worker int)
	// Close drops what is under way. Everybody else has ended.
	Close()
}

// Link is the worker's end.
type Link interface {
	// Context ends when the worker is to stop.
	Context() context.Context
	// Pull waits for the next round of the worker.
	Pull() (Grant, error)
	// Push hands over a result, and asks for the next round. The reference to the list goes with it.
	Push(p *Push) error
	// Lost says that the worker will not push again.
	Lost() error
}

// Grant tells a worker to compute a round.
type Grant struct {
	Done    bool // there is none left
	Round   int  // counted through the run
	Epoch   int
	Group   int         // number of the round within the epoch
	Model   *value.List // a reference of the receiver's own
	Version int         // updates made to Model
	Iter    int         // batches the worker has begun
	Rest    *value.List // what earlier pushes of the worker left out, nil for nothing; lent
	deal    *deal
	sent    time.Time
}

// Push is what a worker sends: the gradients, or the model, of a group of batches.
type Push struct {
	Worker, Round int // 0-based; Round counts through the run
	Epoch         int
	Rows, Batches int
	Iter          int           // batches the worker has begun
	Bytes         int64         // size on a wire
	List          *value.List   // a reference that goes with the push
	Rest          *value.List   // what compression left out so far, nil for nothing; likewise
	Took          time.Duration // from the grant to the push
	Base          int           // version of the model that was pulled
	at            time.Time
}

// Message is a Push, or the news that a worker is lost.
type Message struct {
	Worker int
	Push   *Push // nil: the worker is lost
}

func (m *Message) release() {
	if m.Push != nil {
		releaseList(m.Push.List)
		releaseList(m.Push.Rest)
	}
}

// errReleased ends workers that are not waited for.
var errReleased = errors.New("paramserv: not waited for")

// local joins workers that are goroutines of this process.
type local struct {
	inbox chan Message
	links []*localLink
}

type localLink struct {
	worker  int
	ctx     context.Context
	cancel  context.CancelCauseFunc
	inbox   chan<- Message
	mailbox chan Grant // at most one is under way: it answers the last message
}

// newLocal returns the transport of a call. The caller must end ctx.
func newLocal(ctx context.Context, workers int) *local {
	t := &local{inbox: make(chan Message, workers)}
	for w := range workers {
		l := &localLink{worker: w, inbox: t.inbox, mailbox: make(chan Grant, 1)}
		l.ctx, l.cancel = context.WithCancelCause(ctx)
		t.links = append(t.links, l)
	}
	return t
}

func (t *local) Link(worker int) Link { return t.links[worker] }

func (t *local) Receive(ctx context.Context) (Message, error) {
	select {
	case m := <-t.inbox:
		return m, nil
	case <-ctx.Done():
		return Message{}, context.Cause(ctx)
	}
}

func (t *local) Send(worker int, g Grant) { t.links[worker].mailbox <- g }

func (t *local) Cancel(worker int) { t.links[worker].cancel(errReleased) }

func (t *local) Close() {
	for _, l := range t.links {
		l.cancel(nil)
		select {
		case g := <-l.mailbox:
			releaseList(g.Model)
		default:
		}
	}
	for {
		select {
		case m := <-t.inbox:
			m.release()
		default:
			return
		}
	}
}

func releaseList(l *value.List) {
	if l != nil {
		value.Release(l)
	}
}

func (l *localLink) Context() context.Context { return l.ctx }

func (l *localLink) Pull() (Grant, error) {
	select {
	case g := <-l.mailbox:
		return g, nil
	case <-l.ctx.Done():
		return Grant{}, context.Cause(l.ctx)
	}
}

func (l *localLink) Push(p *Push) error { return l.send(Message{Worker: l.worker, Push: p}) }

func (l *localLink) Lost() error { return l.send(Message{Worker: l.worker}) }

func (l *localLink) send(m Message) error {
	select {
	case l.inbox <- m: // never blocks for long: a worker has at most one message under way
		return nil
	case <-l.ctx.Done():
		m.release()
		return context.Cause(l.ctx)
	}
}
