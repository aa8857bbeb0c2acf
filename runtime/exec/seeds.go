package exec

import (
	"math/rand/v2"

	"gdml/lang/source"
)

// seeds gives random operations without a seed of their own one that depends on
// the master seed, the place of the call in the script and how often that place
// was reached, and on nothing else: not on threads, not on what the optimizer did
// elsewhere. A machine's streams are its own; forks derive theirs from a stream number.
type seeds struct {
	master uint64
	count  map[source.Pos]uint64
}

func newSeeds(o Options) *seeds {
	m := uint64(o.Seed)
	if !o.Seeded {
		m = rand.Uint64()
	}
	return &seeds{master: m, count: map[source.Pos]uint64{}}
}

func (s *seeds) fork(stream uint64) *seeds {
	return &seeds{master: mix(s.master ^ mix(stream+1)), count: map[source.Pos]uint64{}}
}

// next returns a seed that is never -1, which means "no seed" in scripts.
func (s *seeds) next(at source.Pos) int64 {
	n := s.count[at]
	s.count[at] = n + 1
	v := int64(mix(mix(s.master^uint64(at)*0x9E3779B97F4A7C15) + n))
	if v == -1 {
		v = 0
	}
	return v
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
func mix(z uint64) uint64 {
	z += 0x9E3779B97F4A7C15
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return z ^ z>>31
}

// NextSeed returns the seed of a random operation at the current instruction that has none of its own.
func (m *Machine) NextSeed() int64 { return m.seeds.next(m.At().Start) }

// Reseed restarts the machine's random streams from a master seed of their own, whatever the
// run was started with. It is for forks whose seed a script has given.
func (m *Machine) Reseed(master uint64) {
	m.seeds = &seeds{master: master, count: map[source.Pos]uint64{}}
}
