package par

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// job is one loop. Helpers may look at it long after the loop has ended, so it is never used twice.
type job struct {
	next   atomic.Int64 // chunk to hand out
	_      [56]byte
	left   atomic.Int64 // chunks that were not handed out or have not returned
	_      [56]byte
	f      func(chunk int)
	chunks int64
	stop   *atomic.Bool

	parked  atomic.Bool   // the caller sleeps, or is about to
	done    chan struct{} // wakes it
	once    sync.Once
	failure any // first panic; read by the caller after the last chunk
}

// errExit is the failure of a chunk that ended its goroutine.
var errExit = errors.New("par: a chunk called runtime.Goexit")

func newJob(chunks int, f func(int), stop *atomic.Bool) *job {
	j := &job{f: f, chunks: int64(chunks), stop: stop}
	j.left.Store(j.chunks)
	return j
}

// work runs chunks until there are no more. It reports whether it woke the caller.
func (j *job) work() (woke bool) {
	for {
		i := j.next.Add(1) - 1
		if i >= j.chunks {
			return woke
		}
		if j.chunk(int(i)) {
			woke = true
		}
	}
}

// chunk runs chunk i and notes its end, however it ends.
func (j *job) chunk(i int) (woke bool) {
	ended := false
	defer func() {
		n := int64(1)
		if !ended {
			p := recover()
			if p == nil {
				p = errExit
			}
			j.once.Do(func() { j.failure = p })
			if handed := j.next.Swap(j.chunks); handed < j.chunks {
				n += j.chunks - handed // nobody takes these any more
			}
		}
		woke = j.finish(n)
	}()
	if j.stop != nil && j.stop.Load() {
		panic(ErrStopped)
	}
	j.f(i)
	ended = true
	return
}

// finish notes the end of n chunks and wakes a caller that sleeps when they were the last.
func (j *job) finish(n int64) (woke bool) {
	if j.left.Add(-n) == 0 && j.parked.Load() {
		close(j.done)
		return true
	}
	return false
}

// spinFor is how long a caller waits awake for the chunks of its helpers.
const spinFor = 200 * time.Microsecond

// wait returns when all chunks have returned. The caller spins first if spin: the
// helpers are as fast as it is, and sleeping costs more than what they have left.
// It does not yield: its core would go to a helper.
func (j *job) wait(spin bool) {
	if spin && runtime.GOMAXPROCS(0) > 1 {
		for end := time.Now().Add(spinFor); j.left.Load() > 0; {
			for range 8 {
				if j.left.Load() == 0 {
					return
				}
				pause()
			}
			if time.Now().After(end) {
				break
			}
		}
	}
	if j.left.Load() == 0 {
		return
	}
	j.done = make(chan struct{})
	j.parked.Store(true)
	if j.left.Load() > 0 {
		<-j.done
	}
}
