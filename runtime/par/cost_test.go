package par

import (
	"testing"
	"time"
)

// Short loops in close succession wake helpers, the same loops with pauses between them do not.
func TestMissedLoopsAddUp(t *testing.T) {
	c := newCrew(1, time.Millisecond)
	now := c.began.Add(time.Hour)
	const short = wakeNanos / 4
	for i, want := range []bool{false, false, false, true, false, false, false, true} {
		now = now.Add(50 * time.Microsecond)
		if got := c.missed(short, now); got != want {
			t.Errorf("loop %d in close succession: %v", i, got)
		}
	}
	for i := range 20 {
		now = now.Add(3 * time.Millisecond)
		if c.missed(short, now) {
			t.Errorf("loop %d after a pause asks for helpers", i)
		}
	}
}
