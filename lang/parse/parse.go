package parse

import (
	"github.com/alecthomas/participle/v2/lexer"

	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
)

// Options adjust the parser.
type Options struct {
	REPL      bool // accept bare expressions, as ast.ExprStmt; a bare call stays an ast.CallStmt
	MaxErrors int  // stop after so many errors, 20 when zero
}

const defaultMaxErrors = 20

// File adds text to set under the given name and parses it. The tree is never nil:
// statements with errors are left out of it. A list without errors may still hold
// warnings.
func File(set *source.Set, name, text string, opts Options) (*ast.File, diag.List) {
	p := newParser(set.Add(name, text), opts)
	tree := p.parse()
	return tree, p.diags
}

// Incomplete reports whether text could become valid by adding to its end: a
// bracket, string or comment is open, or the last statement lacks its end. Text
// that is complete, and text with an error that no addition mends, are not
// incomplete. Text is judged as REPL input.
func Incomplete(text string) bool {
	p := newParser(source.NewSet().Add("", text), Options{REPL: true, MaxErrors: 1})
	open := p.scan.open
	if open < 0 && len(p.scan.faults) > 0 {
		return false
	}
	p.diags = diag.List{} // what is open is an error to the scanner, but here it decides nothing
	p.parse()
	if open >= 0 {
		return p.first == nil || p.first.Pos.Offset >= int(p.file.Base)+open
	}
	return p.first != nil && kind(p.first) == token.EOF
}

// parser parses one file.
type parser struct {
	file  *source.File
	scan  *scanner // has read the whole text before parsing begins
	lex   *lexer.PeekingLexer
	opts  Options
	diags diag.List

	start lexer.Checkpoint         // of the file
	pairs map[lexer.RawCursor]bool // what match returns, once it is needed

	depth    int          // open bodies
	unclosed bool         // a missing } was reported: give up the open blocks
	stop     bool         // give up the file
	bareLine int          // line of the last expression that stood alone
	first    *lexer.Token // where the first syntax error is, or nil
}

func newParser(f *source.File, opts Options) *parser {
	if opts.MaxErrors <= 0 {
		opts.MaxErrors = defaultMaxErrors
	}
	p := &parser{file: f, scan: newScanner(f, opts.MaxErrors), opts: opts}
	p.lex, _ = lexer.Upgrade(p.scan, lexer.TokenType(token.Comment)) // the scanner does not fail
	p.start = p.lex.MakeCheckpoint()
	p.diags.Append(p.scan.diags)
	return p
}

func (p *parser) parse() *ast.File {
	tree := &ast.File{Source: p.file, Comments: p.scan.comments}
	for !p.full() && kind(p.lex.Peek()) != token.EOF {
		p.unclosed = false
		tree.Stmts = append(tree.Stmts, p.list(nil)...)
	}
	return tree
}

// full reports whether parsing is to end here.
func (p *parser) full() bool { return p.stop || p.diags.Errors() >= p.opts.MaxErrors }

// previous returns the token before the next one, or nil at the start of the file.
func (p *parser) previous() *lexer.Token {
	raw := p.lex.RawCursor()
	if raw == 0 {
		return nil
	}
	return &p.lex.Range(raw-1, raw)[0]
}
