package paramserv

import (
	"math"
	"testing"
	"time"
)

func TestParseFaults(t *testing.T) {
	for _, ok := range []string{"grad@1", "3:grad@7", "panic@2", "0:panic@2", "agg@1", "val@3", "grad%0.5", "1:grad%1", "0:lose@1", "2:lose@20ms", "grad@1, 0:lose@2"} {
		if _, err := ParseFaults(ok); err != nil {
			t.Errorf("%s: %v", ok, err)
		}
	}
	for _, bad := range []string{"", "grad", "grad@0", "grad@x", "-1:grad@1", "x:grad@1", "grad%0", "grad%2", "0:agg@1", "agg%0.5", "lose@1", "0:lose%0.5", "grad@20ms", "explode@1", "grad@1,,agg@1"} {
		if _, err := ParseFaults(bad); err == nil {
			t.Errorf("%q is taken for a fault", bad)
		}
	}
}

func TestParseDelays(t *testing.T) {
	const ms = time.Millisecond
	in := func(text string, worker, n int, lo, hi time.Duration) {
		t.Helper()
		d, err := ParseDelays(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			return
		}
		if got := d.of(worker, n, 7); got < lo || got > hi {
			t.Errorf("%s: worker %d waits %v after batch %d, want %v to %v", text, worker, got, n, lo, hi)
		}
		if again := d.of(worker, n, 7); again != d.of(worker, n, 7) {
			t.Errorf("%s: not the same again", text)
		}
	}
	in("0:5ms", 0, 1, 5*ms, 5*ms)
	in("0:5ms", 1, 1, 0, 0)
	in("*:5ms,1:7ms", 1, 1, 12*ms, 12*ms)
	in("1:50ms@2/3", 1, 2, 50*ms, 50*ms)
	in("1:50ms@2/3", 1, 3, 0, 0)
	in("1:50ms@2/3", 1, 6, 50*ms, 50*ms)
	in("1:50ms@4..5", 1, 3, 0, 0)
	in("1:50ms@4..5", 1, 5, 50*ms, 50*ms)
	in("1:50ms@4..5", 1, 6, 0, 0)
	for n := range 1000 {
		in("3:50ms±20ms", 3, n+1, 30*ms, 70*ms)
		in("3:50ms+-20ms", 3, n+1, 30*ms, 70*ms)
	}
	d, _ := ParseDelays("*:10ms~0.5")
	mean, square := 0.0, 0.0
	for n := range 10000 {
		v := math.Log(d.of(0, n, 1).Seconds() / 0.010)
		mean += v / 10000
		square += v * v / 10000
	}
	if math.Abs(mean) > 0.02 || math.Abs(math.Sqrt(square)-0.5) > 0.02 {
		t.Errorf("the logarithm has mean %v and deviation %v", mean, math.Sqrt(square))
	}
	for _, bad := range []string{"", "5ms", "0:", "0:5", "x:5ms", "-1:5ms", "0:5ms±x", "0:5ms~0", "0:5ms@3", "0:5ms@0/1", "0:5ms@a..b", "0:-5ms"} {
		if _, err := ParseDelays(bad); err == nil {
			t.Errorf("%q is taken for a delay", bad)
		}
	}
}
