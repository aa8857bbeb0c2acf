// Package lambda is the expression language of map: "x -> x.trim().length() > 2 ? x : """.
//
// The reference compiles such text as Java. This package has a parser of its own (operator
// precedence) for the part that works on cells: literals, arithmetic, comparison, logic,
// the conditional, string concatenation, indexing, array literals, casts, methods of
// strings, characters and arrays, and static functions (Math, Integer, Double, Long, Float, Boolean, Character, String,
// UtilFunctions, PorterStemmer).
//
// The types to know are Func, a parsed lambda of one or two parameters, and the values it
// computes with: nil, string, Char, int32, int64, float32, float64, bool, []any (an array
// of strings or numbers).
//
// What holds: arithmetic follows Java: int32 wraps around, a quotient of integers is
// truncated, a char counts as a number, + with a string concatenates. Two deviations are
// meant: == compares strings by what they hold, and values have no static types, so that
// the branches of a conditional may differ. Parse finds unknown names, methods and
// functions and wrong numbers of arguments; everything else is an error of Call. The
// package knows no frames; regular expressions and hashes are those of package transform.
package lambda
