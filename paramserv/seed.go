package paramserv

import "math/bits"

// purpose separates the random streams of one call.
type purpose uint64

const (
	forPartition  purpose = iota + 1 // worker 0: shared by all workers; i+1: worker i
	forGradient                      // random numbers drawn in the gradient of a batch
	forLocalStep                     // ... in a worker's own update
	forServerStep                    // ... in an update of the server
	forValidation
	forRounding // of compressed gradients
	forProbe    // of what an update does with its arguments
	forFaults
	forDelays
)

// subSeed derives a 64-bit seed from the seed of the call (epoch may count something finer): the finaliser of
// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number
// generators", 2014) is applied to the seed, and again after each of purpose,
// worker and epoch was added in.
func subSeed(seed uint64, p purpose, worker, epoch int) uint64 {
	z := mix(seed)
	z = mix(z ^ uint64(p))
	z = mix(z ^ uint64(worker))
	return mix(z ^ uint64(epoch))
}

func mix(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// stream is the SplitMix64 generator.
type stream uint64

func (s *stream) next() uint64 {
	v := mix(uint64(*s))
	*s += 0x9E3779B97F4A7C15
	return v
}

// below returns an unbiased number in 0..n-1: the high word of a 64x64-bit product,
// drawn again when the low word falls into the part that would favour small numbers
// (Lemire, "Fast random integer generation in an interval", 2019).
func (s *stream) below(n uint64) uint64 {
	hi, lo := bits.Mul64(s.next(), n)
	if lo < n {
		for limit := -n % n; lo < limit; {
			hi, lo = bits.Mul64(s.next(), n)
		}
	}
	return hi
}

// permutation returns 0..n-1 shuffled from the back (Fisher and Yates).
func permutation(n int, seed uint64) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
	}
	s := stream(seed)
	for i := n - 1; i > 0; i-- {
		j := int(s.below(uint64(i) + 1))
		p[i], p[j] = p[j], p[i]
	}
	return p
}
