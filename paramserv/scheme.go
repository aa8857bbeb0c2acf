package paramserv

// Scheme assigns training rows to workers.
type Scheme struct {
	Name string
	Doc  string
	// Overlap is set when every worker gets all rows.
	Overlap bool
	rows    func(n, workers, worker int, seed uint64) part
}

// shuffled returns all rows in the random order that a worker of an overlapping scheme has in an epoch.
func shuffled(n, worker int, seed uint64, epoch int) part {
	return part{n: n, index: permutation(n, subSeed(seed, forPartition, worker+1, epoch))}
}

// part is the rows of one worker, in the order in which it trains on them: either
// lo, lo+1, ... (n rows) or, when index is not nil, index.
type part struct {
	lo, n int
	index []int
}

// row returns the 0-based training row at position i of the part.
func (p part) row(i int) int {
	if p.index != nil {
		return p.index[i]
	}
	return p.lo + i
}

// all returns the rows as a new slice.
func (p part) all() []int {
	rows := make([]int, p.n)
	for i := range rows {
		rows[i] = p.row(i)
	}
	return rows
}

var schemes = []*Scheme{
	{
		Name: "DISJOINT_CONTIGUOUS",
		Doc:  "consecutive blocks whose sizes differ by at most one, longer ones first",
		rows: func(n, workers, worker int, _ uint64) part { return block(n, workers, worker) },
	},
	{
		Name: "DISJOINT_ROUND_ROBIN",
		Doc:  "row r goes to worker r modulo the number of workers",
		rows: func(n, workers, worker int, _ uint64) part {
			index := make([]int, 0, n/workers+1)
			for r := worker; r < n; r += workers {
				index = append(index, r)
			}
			return part{n: len(index), index: index}
		},
	},
	{
		Name: "DISJOINT_RANDOM",
		Doc:  "the blocks of DISJOINT_CONTIGUOUS after one permutation of all rows",
		rows: func(n, workers, worker int, seed uint64) part {
			b := block(n, workers, worker)
			// One permutation for all workers: each draws it anew and keeps its own block.
			index := permutation(n, subSeed(seed, forPartition, 0, 0))[b.lo : b.lo+b.n]
			return part{n: b.n, index: append([]int(nil), index...)}
		},
	},
	{
		Name:    "OVERLAP_RESHUFFLE",
		Doc:     "every worker gets all rows, each in its own random order",
		Overlap: true,
		rows: func(n, _, worker int, seed uint64) part {
			return shuffled(n, worker, seed, 0)
		},
	},
}

// block returns the worker-th of balanced blocks: the first n mod workers get one row more.
func block(n, workers, worker int) part {
	size, longer := n/workers, n%workers
	p := part{lo: worker*size + min(worker, longer), n: size}
	if worker < longer {
		p.n++
	}
	return p
}

// PartSizes returns, for a plan to be read, how many of the asked-for workers get rows under a scheme, and the sizes of
// the smallest and the largest of their parts.
func PartSizes(scheme string, rows, workers int) (used, least, most int) {
	if schemeNamed(scheme).Overlap {
		return workers, rows, rows
	}
	used = min(workers, rows)
	return used, block(rows, used, used-1).n, block(rows, used, 0).n
}

// Schemes lists the partition schemes.
func Schemes() []*Scheme { return schemes }

// SchemeNames lists the legal words of Config.Scheme.
func SchemeNames() []string {
	ns := make([]string, len(schemes))
	for i, s := range schemes {
		ns[i] = s.Name
	}
	return ns
}

func schemeNamed(name string) *Scheme {
	for _, s := range schemes {
		if s.Name == name {
			return s
		}
	}
	return nil
}
