package builtins

// New returns the table of all builtins. Its families stand in the order of the reference page.
func New() *Table {
	t := &Table{}
	*t = *newTable(
		mathFuncs(),
		bitFuncs(),
		aggFuncs(),
		cumFuncs(),
		statFuncs(),
		setFuncs(),
		datagenFuncs(),
		bindFuncs(),
		reorgFuncs(),
		storageFuncs(),
		linalgFuncs(),
		fftFuncs(),
		nnFuncs(),
		lstmFuncs(),
		poolFuncs(),
		normFuncs(),
		probFuncs(),
		castFuncs(),
		frameFuncs(),
		schemaFuncs(),
		transformFuncs(),
		listFuncs(),
		evalFuncs(func(name string) bool { _, ok := t.byName[name]; return ok }),
		psFuncs(),
		ioFuncs(),
		printFuncs(),
	)
	return t
}
