package builtins

// New returns the table of all builtins. Its families stand in the order of the reference page.
func New() *Table {
	return newTable(
		mathFuncs(),
		bitFuncs(),
		aggFuncs(),
		cumFuncs(),
		statFuncs(),
		setFuncs(),
		datagenFuncs(),
		bindFuncs(),
		reorgFuncs(),
		linalgFuncs(),
		nnFuncs(),
		poolFuncs(),
		normFuncs(),
		probFuncs(),
		castFuncs(),
		frameFuncs(),
		listFuncs(),
		psFuncs(),
		ioFuncs(),
		printFuncs(),
	)
}
