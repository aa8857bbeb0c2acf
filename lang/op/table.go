package op

// Table returns what is known of every operator, indexed by Op. The caller may keep and change it.
func Table() []Info { return append([]Info(nil), table[:]...) }

// Info returns the row of o; the zero Info for a number that is no operator.
func (o Op) Info() Info {
	if o >= numOps {
		return Info{}
	}
	return table[o]
}

// String returns the display name.
func (o Op) String() string { return o.Info().Name }

// The names are SystemDS's where it has the operator. Cell1, Cell2, Agg, Cum and the
// calls are shown by what their Aux names.
var table = [numOps]Info{
	Read: {Name: "read", Pure: true},
	Lit:  {Name: "lit", Pure: true},

	Cell1:    {Name: "u", MinIn: 1, MaxIn: 1, Pure: true, Shape: likeFirst},
	Cell2:    {Name: "b", MinIn: 2, MaxIn: 2, Pure: true, Shape: broadcast},
	IfElse:   {Name: "ifelse", MinIn: 3, MaxIn: 3, Pure: true, Shape: broadcast},
	PlusMul:  {Name: "+*", MinIn: 3, MaxIn: 3, Pure: true, Shape: broadcast},
	MinusMul: {Name: "-*", MinIn: 3, MaxIn: 3, Pure: true, Shape: broadcast},
	Cells:    {Name: "cells", MinIn: 1, MaxIn: -1, Pure: true, Matrix: true, Shape: together},
	SumCells: {Name: "sumcells", MinIn: 1, MaxIn: -1, Pure: true, Shape: aggregate},

	MatMul:  {Name: "ba(+*)", MinIn: 2, MaxIn: 2, Pure: true, Matrix: true, Shape: matMul},
	TMatMul: {Name: "tba(+*)", MinIn: 2, MaxIn: 2, Pure: true, Matrix: true, Shape: tMatMul},
	TSMM:    {Name: "tsmm", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: tsmm},
	MMChain: {Name: "mmchain", MinIn: 2, MaxIn: 3, Pure: true, Matrix: true, Shape: mmChain},
	Layer:   {Name: "layer", MinIn: 2, MaxIn: 3, Pure: true, Matrix: true, Shape: layer},
	Sampled: {Name: "sampled", MinIn: 3, MaxIn: -1, Pure: true, Matrix: true, Shape: sampled},

	Agg:      {Name: "ua", MinIn: 1, MaxIn: 1, Pure: true, Shape: aggregate},
	IndexMax: {Name: "uarimax", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: perRow},
	IndexMin: {Name: "uarimin", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: perRow},
	Cum:      {Name: "ucum", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: likeFirst},

	T:       {Name: "r(t)", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: transpose},
	Diag:    {Name: "r(rdiag)", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: diag},
	Rev:     {Name: "r(rev)", MinIn: 1, MaxIn: 1, Pure: true, Matrix: true, Shape: sameCells},
	Reshape: {Name: "r(rshape)", MinIn: 4, MaxIn: 4, Pure: true, Matrix: true, Shape: reshape},
	CBind:   {Name: "cbind", MinIn: 1, MaxIn: -1, Pure: true, Shape: cbind},
	RBind:   {Name: "rbind", MinIn: 1, MaxIn: -1, Pure: true, Shape: rbind},
	Index:   {Name: "rix", MinIn: 1, MaxIn: 5, Pure: true, Shape: index},
	Update:  {Name: "lix", MinIn: 2, MaxIn: 6, Pure: true, Shape: update},
	Entry:   {Name: "entry", MinIn: 2, MaxIn: 2, Pure: true, Shape: anything},

	Fill: {Name: "dg(fill)", MinIn: 3, MaxIn: 3, Pure: true, Matrix: true, Shape: fill},
	Seq:  {Name: "dg(seq)", MinIn: 3, MaxIn: 3, Pure: true, Matrix: true, Shape: sequence},
	Rand: {Name: "dg(rand)", MinIn: 7, MaxIn: 7, Matrix: true, Shape: random},

	NRow:     {Name: "nrow", MinIn: 1, MaxIn: 1, Pure: true, Shape: count(func(s Shape) int64 { return s.Rows })},
	NCol:     {Name: "ncol", MinIn: 1, MaxIn: 1, Pure: true, Shape: count(func(s Shape) int64 { return s.Cols })},
	Length:   {Name: "length", MinIn: 1, MaxIn: 1, Pure: true, Shape: count(Shape.Cells)},
	AsScalar: {Name: "castdts", MinIn: 1, MaxIn: 1, Pure: true, Shape: asScalar},
	AsMatrix: {Name: "castdtm", MinIn: 1, MaxIn: 1, Pure: true, Shape: asMatrix},
	AsDouble: {Name: "castvtd", MinIn: 1, MaxIn: 1, Pure: true, Shape: scalar},
	AsInt:    {Name: "castvti", MinIn: 1, MaxIn: 1, Pure: true, Shape: scalar},
	AsBool:   {Name: "castvtb", MinIn: 1, MaxIn: 1, Pure: true, Shape: scalar},

	Call:  {Name: "call", MaxIn: -1},
	FCall: {Name: "fcall", MaxIn: -1},
	Out:   {Name: "out", MinIn: 1, MaxIn: 1, Pure: true},
}
