// Package exp runs sweeps of gdml over grids of script arguments and draws figures of the
// results. It is the command gdml exp.
//
// A Sweep is what a YAML file says: a script, data, and stages with axes. Its expansion is a
// list of runs in file order; a run is one configuration with one seed, and every
// configuration of a stage gets the same seeds, so that results can be compared in pairs. A
// run is a process of its own, the gdml binary with -nvargs, so that a failure, a timeout or
// its memory cannot disturb the next one. A table is the CSV file of results: one line a
// run, written when the run ends, so that a killed sweep can be resumed.
//
// What must hold: the CSV file alone is enough to draw the figures; lines of the file are
// whole records (no field has a line break); the columns depend on the YAML file, not on the
// stages that were chosen; intervals are shown only where there are two or more repeats.
//
// The package must not import the compiler or the runtime: it sees gdml as its users do.
package exp
