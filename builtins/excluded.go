package builtins

// excluded are the builtins of the reference implementation that need what gdml does not have. A
// call is refused with the reason.
var excluded = map[string]struct{ why, hint string }{
	"federated":     {"data on several machines is not supported", `read the data from files: X = read("file.csv")`},
	"sql":           {"databases are not supported", `export the result of the query to a csv file and use read("file.csv")`},
	"transformmeta": {"the file layout of old metadata is not supported", `read the metadata as a frame: M = read("file.csv", data_type="frame", format="csv")`},
	"autoDiff":      {"automatic differentiation is not supported", "write the gradient as a function, and check it against differences"},
	"range":         {"there is no function range", "seq(from, to) gives a column of numbers; max(X) - min(X) is the range of a matrix"},
}

// Excluded returns why a builtin of the reference implementation is not offered, and what to do instead.
func (t *Table) Excluded(name string) (why, hint string, ok bool) {
	e, ok := excluded[name]
	return name + ": " + e.why, e.hint, ok
}
