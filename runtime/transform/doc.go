// Package transform turns frames into numbers and back: the engine of transformencode,
// transformapply, transformdecode, transformcolmap and of tokenize.
//
// What is done with which column stands in a specification, a lenient JSON object
// (builtin reference §16.2). Parse reads it and finds everything that is wrong with it
// on its own; Spec.Bind applies it to the column names of a frame and gives a Plan. The
// other types to know are Plan, which encodes, applies and decodes, and Tokenizer.
//
// Encoding is two steps: fitting a column (the codes of its tokens, the bounds of its
// bins, the value put for missing cells) and applying what was fitted. What was fitted is
// written into a metadata frame, a column for each source column (§16.3), and can be read
// back from there, so that transformencode and transformapply agree bit for bit.
//
// What holds: codes are 1, 2, ... in the order in which tokens first occur; output columns
// stand in the order of the source columns, groups expanded in place; a missing or empty
// cell is NaN; a token without a code is NaN, or a group of zeros. The order of the steps
// within a column is recode, bin or hash, then impute, then dummycode; functions of udf
// come last, then omit drops rows. Missing cells take no part in fitting.
//
// The package imports no interpreter: a function of udf is passed in as a closure.
// Errors name the column, and the row where there is one, and carry no position in a
// script; faults in a specification carry their place in its text.
package transform
