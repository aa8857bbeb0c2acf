package token

// Kind is a kind of token.
type Kind uint8

// Tokens. Identifiers include the sixteen dotted spellings and namespaced names (a::b is one token).
const (
	Invalid Kind = iota
	EOF
	Comment // # ... or /* ... */
	Ident
	Int
	Float
	Str
	Arg // $name or $1

	// operators
	Pow       // ^
	Sub       // -
	Add       // +
	MatMul    // %*%
	IntDiv    // %/%
	Mod       // %%
	Mul       // *
	Div       // /
	Lt        // <
	Le        // <=
	Gt        // >
	Ge        // >=
	Eq        // ==
	Ne        // !=
	Not       // !
	And       // &
	AndAnd    // &&
	Or        // |
	OrOr      // ||
	Assign    // =
	Arrow     // <-
	AddAssign // +=

	// punctuation
	LParen
	RParen
	LBrack
	RBrack
	LBrace
	RBrace
	Comma
	Semi
	Colon

	// reserved words
	KwSource
	KwSetwd
	KwAs
	KwIf
	KwElse
	KwFor
	KwIn
	KwParfor
	KwWhile
	KwFunction
	KwReturn
	KwIfdef
	KwExternal
	KwImplemented
	KwTrue
	KwFalse
	KwInt // one kind for each spelling of a value type word
	KwInteger
	KwString
	KwBoolean
	KwDouble
	KwUnknown
	KwIntC
	KwIntegerC
	KwStringC
	KwBooleanC
	KwDoubleC
	KwUnknownC

	numKinds
)

// Assoc is the associativity of a binary operator.
type Assoc uint8

// Associativities.
const (
	Left Assoc = iota
	Right
)

// Info describes a kind.
type Info struct {
	Text   string // as written in a script; a description for kinds without fixed text
	Binary int    // level of the binary operator, tightest 1; 0 when it is none
	Prefix int    // level of the operand of the prefix operator; 0 when it is none
	Assoc  Assoc
}

var table = [numKinds]Info{
	Invalid: {Text: "invalid token"},
	EOF:     {Text: "end of file"},
	Comment: {Text: "comment"},
	Ident:   {Text: "name"},
	Int:     {Text: "integer"},
	Float:   {Text: "number"},
	Str:     {Text: "string"},
	Arg:     {Text: "$ parameter"},

	Pow:       {Text: "^", Binary: 1, Assoc: Right},
	Sub:       {Text: "-", Binary: 6, Prefix: 2},
	Add:       {Text: "+", Binary: 6, Prefix: 2},
	MatMul:    {Text: "%*%", Binary: 3},
	IntDiv:    {Text: "%/%", Binary: 4},
	Mod:       {Text: "%%", Binary: 4},
	Mul:       {Text: "*", Binary: 5},
	Div:       {Text: "/", Binary: 5},
	Lt:        {Text: "<", Binary: 7},
	Le:        {Text: "<=", Binary: 7},
	Gt:        {Text: ">", Binary: 7},
	Ge:        {Text: ">=", Binary: 7},
	Eq:        {Text: "==", Binary: 7},
	Ne:        {Text: "!=", Binary: 7},
	Not:       {Text: "!", Prefix: 8},
	And:       {Text: "&", Binary: 9},
	AndAnd:    {Text: "&&", Binary: 9},
	Or:        {Text: "|", Binary: 10},
	OrOr:      {Text: "||", Binary: 10},
	Assign:    {Text: "="},
	Arrow:     {Text: "<-"},
	AddAssign: {Text: "+="},

	LParen: {Text: "("}, RParen: {Text: ")"},
	LBrack: {Text: "["}, RBrack: {Text: "]"},
	LBrace: {Text: "{"}, RBrace: {Text: "}"},
	Comma: {Text: ","}, Semi: {Text: ";"}, Colon: {Text: ":"},

	KwSource: {Text: "source"}, KwSetwd: {Text: "setwd"}, KwAs: {Text: "as"},
	KwIf: {Text: "if"}, KwElse: {Text: "else"}, KwFor: {Text: "for"}, KwIn: {Text: "in"},
	KwParfor: {Text: "parfor"}, KwWhile: {Text: "while"}, KwFunction: {Text: "function"},
	KwReturn: {Text: "return"}, KwIfdef: {Text: "ifdef"},
	KwExternal: {Text: "externalFunction"}, KwImplemented: {Text: "implemented"},
	KwTrue: {Text: "TRUE"}, KwFalse: {Text: "FALSE"},
	KwInt: {Text: "int"}, KwInteger: {Text: "integer"}, KwString: {Text: "string"},
	KwBoolean: {Text: "boolean"}, KwDouble: {Text: "double"}, KwUnknown: {Text: "unknown"},
	KwIntC: {Text: "Int"}, KwIntegerC: {Text: "Integer"}, KwStringC: {Text: "String"},
	KwBooleanC: {Text: "Boolean"}, KwDoubleC: {Text: "Double"}, KwUnknownC: {Text: "Unknown"},
}

// Loosest is the level of the loosest binary operator, the one to start parsing an expression with.
const Loosest = 10

// Info returns the row of k.
func (k Kind) Info() Info { return table[k] }

// String returns the text of k.
func (k Kind) String() string { return table[k].Text }

// IsKeyword reports whether k is a reserved word.
func (k Kind) IsKeyword() bool { return k >= KwSource && k < numKinds }

// IsValueType reports whether k is a value type word such as int or Double.
func (k Kind) IsValueType() bool { return k >= KwInt && k <= KwUnknownC }

// Keywords returns the kind of each reserved word. The caller may keep and change the map.
func Keywords() map[string]Kind {
	m := make(map[string]Kind, numKinds-KwSource)
	for k := KwSource; k < numKinds; k++ {
		m[table[k].Text] = k
	}
	return m
}

// DottedNames returns the only identifiers that may contain a dot (spec language.md §1.3).
func DottedNames() []string {
	return []string{
		"as.scalar", "as.matrix", "as.frame", "as.list", "as.double", "as.integer", "as.logical", "as.boolean",
		"index.return", "empty.return", "lower.tail", "lower.tri", "upper.tri", "is.na", "is.nan", "is.infinite",
	}
}
