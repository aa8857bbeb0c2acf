// Package token names the tokens of DML and tells how operators bind.
//
// Kind is the token type; the table gives each kind its text and, for
// operators, level and associativity (spec language.md §4). Lexer, parser,
// printer and formatter read this one table.
package token
