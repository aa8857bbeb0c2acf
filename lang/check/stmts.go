package check

import (
	"gdml/lang/ast"
	"gdml/lang/diag"
	"gdml/lang/source"
	"gdml/lang/token"
	"gdml/lang/types"
)

func (c *checker) stmts(body []ast.Stmt) {
	for _, s := range body {
		if c.cond > 0 {
			c.info.Conds[s] = true
		}
		c.stmt(s)
	}
}

func (c *checker) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.Assign:
		c.assign(s)
	case *ast.MultiAssign:
		c.multiAssign(s)
	case *ast.Ifdef:
		c.ifdef(s)
	case *ast.CallStmt:
		c.callStmt(s)
	case *ast.ExprStmt:
		c.value(s.X)
	case *ast.If:
		c.ifStmt(s)
	case *ast.While:
		c.whileStmt(s)
	case *ast.For:
		c.forStmt(s)
	}
}

func (c *checker) assign(s *ast.Assign) {
	if s.Op == token.AddAssign {
		c.accumulate(s)
		return
	}
	t := c.expr(s.Value)
	if call, ok := s.Value.(*ast.Call); ok && c.noValue(s, call) {
		return
	}
	c.assignTo(s.Target, s.At, t, c.constant(s.Value))
}

// noValue handles x = f(...) for a call that gives nothing: the call is made and x is not
// assigned, as the language has it (language reference §8.9 and §9.2). Anything else that
// is wrong with the call as a value is reported.
func (c *checker) noValue(s *ast.Assign, call *ast.Call) bool {
	t := c.info.Calls[call]
	if t == nil {
		return false
	}
	void := t.Builtin != nil && t.Builtin.Statement || t.Func != nil && len(t.Results) == 0
	if !void {
		c.needValue(call)
		return false
	}
	if t.Name == "write" {
		c.wrote = true
	}
	c.assignable(s.Target)
	c.warnf(diag.NotAValue, call.FnPos, "let the call stand alone", "%s has no value: %s is not assigned", call.Name, c.text(s.Target.Span()))
	return true
}

// accumulate checks target += value, which stands for target = target + value.
func (c *checker) accumulate(s *ast.Assign) {
	if !c.assignable(s.Target) {
		c.value(s.Value)
		return
	}
	sum := &ast.Binary{Op: token.Add, OpPos: s.At, X: s.Target, Y: s.Value}
	sum.At = s.At
	t := c.value(sum)
	delete(c.info.Types, sum)
	c.assignTo(s.Target, s.At, t, nil)
}

// assignTo gives the target of an assignment a value of type t. val is its constant value or nil.
func (c *checker) assignTo(target ast.Expr, at source.Span, t types.Type, val Value) {
	if !c.assignable(target) {
		return
	}
	switch x := target.(type) {
	case *ast.Ident:
		c.info.Types[x] = t
		c.scope.env.vars[x.Name] = variable{typ: t, def: x.At, val: val}
	case *ast.Index:
		c.update(x, t)
	}
}

// update checks x[...] = value for a value of type t.
func (c *checker) update(x *ast.Index, t types.Type) {
	v, ok := c.scope.env.vars[x.X.Name]
	if !ok {
		if c.quiet == 0 && !c.scope.reported[x.X.Name] {
			c.scope.reported[x.X.Name] = true
			hint := c.undefinedHint(x.X)
			if hint == "" {
				hint = "create it first: " + x.X.Name + " = matrix(0, rows, cols)"
			}
			c.fail(diag.UndefinedVariable, x.X.At, hint, "%s is not defined: an indexed assignment changes an existing value", x.X.Name)
		}
		c.scope.env.vars[x.X.Name] = variable{def: x.X.At}
	}
	c.info.Types[x.X] = v.typ
	c.info.Types[x] = c.subscripts(x, v.typ)
	bad := false
	switch v.typ.Data {
	case types.Matrix:
		bad = t.Data == types.Frame || t.Data == types.List || t.Data == types.Tensor || t == types.Str
	case types.Frame:
		bad = t.Data == types.List || t.Data == types.Tensor
	}
	if bad {
		hint := "convert it first: as.matrix(...) or as.scalar(...)"
		if t == types.Str {
			hint = "use as.double(...)"
		}
		c.fail(diag.TypeMismatch, x.At, hint, "%s cannot be stored in a %s", article(kind(t)), v.typ.Data)
	}
	v.val = nil
	c.scope.env.vars[x.X.Name] = v
}

func (c *checker) multiAssign(s *ast.MultiAssign) {
	results := c.call(s.Call)
	t := c.info.Calls[s.Call]
	if t != nil && len(s.Targets) > len(results) {
		c.report(diag.Diagnostic{
			Code: diag.BadArguments, Span: s.Targets[len(results)].Span(), Context: s.At,
			Msg: s.Call.Name + " gives " + count(len(results), "result") + ", not " + count(len(s.Targets), ""),
		})
	}
	for i, x := range s.Targets {
		rt := types.Any
		if t != nil && i < len(results) {
			rt = results[i]
		}
		c.assignTo(x, s.At, rt, nil)
	}
}

func (c *checker) callStmt(s *ast.CallStmt) {
	c.call(s.Call)
	t := c.info.Calls[s.Call]
	if t == nil || t.Builtin == nil {
		return
	}
	if !t.Builtin.Statement && !c.cfg.REPL {
		c.fail(diag.NotAValue, s.Call.FnPos, "assign it, x = "+c.text(s.At)+", or print it",
			"the result of %s is not used", s.Call.Name)
	}
	switch t.Name {
	case "stop":
		c.scope.env.dead = true
	case "write":
		c.wrote = true
	}
}

// conditional checks a body that may not run, or never does, and returns the variables at its end.
func (c *checker) conditional(body *ast.Body, start *env, never bool) *env {
	if body == nil {
		return start
	}
	before := c.scope.env
	c.scope.env = start.clone()
	c.cond++
	if never {
		c.never++
	}
	c.stmts(body.Stmts)
	if never {
		c.never--
	}
	c.cond--
	end := c.scope.env
	c.scope.env = before
	return end
}

func (c *checker) ifStmt(s *ast.If) {
	c.predicate(s.Cond, "the condition of an if")
	start := c.scope.env
	holds, known := c.truth(s.Cond)
	then := c.conditional(s.Then, start, known && !holds)
	other := c.conditional(s.Else, start, known && holds)
	c.scope.env = c.join(start, then, other)
}

func (c *checker) whileStmt(s *ast.While) {
	holds, known := c.truth(s.Cond) // before the first iteration
	if known && !holds {
		c.never++
		defer func() { c.never-- }()
	}
	c.loop(s.Body, func() { c.predicate(s.Cond, "the condition of a while") }, nil)
}

func (c *checker) forStmt(s *ast.For) {
	for _, b := range []struct {
		e    ast.Expr
		what string
	}{{s.From, "a loop bound"}, {s.To, "a loop bound"}, {s.Incr, "the increment of a loop"}} {
		if b.e != nil {
			c.needNumber(b.e, c.value(b.e), b.what)
		}
	}
	if s.Incr != nil {
		if n, ok := number(c.constant(s.Incr)); ok {
			if t, ok := truncate(n); ok && t == 0 {
				c.fail(diag.BadValue, s.Incr.Span(), "increments are truncated to integers", "the increment of a loop cannot be 0")
			}
		}
	}
	if s.Parallel {
		c.loopParams(s)
	}
	c.loopVar(s)
	before := c.scope.env.clone()
	c.loop(s.Body, nil, s.Var)
	if s.Parallel && c.quiet == 0 {
		c.parfor(s, before)
	}
}

// loopVar checks the loop variable. It is an int; a variable of that name must be one as well.
func (c *checker) loopVar(s *ast.For) {
	c.info.Types[s.Var] = types.IntT
	if !c.notConstant(s.Var) {
		return
	}
	v, ok := c.scope.env.vars[s.Var.Name]
	if !ok || v.typ.Data == types.Unknown || v.typ == types.IntT || v.typ == types.Scal {
		return
	}
	d := diag.Diagnostic{
		Code: diag.TypeChange, Span: s.Var.At,
		Msg:  "loop variable " + s.Var.Name + " is already " + article(kind(v.typ)),
		Hint: "use another name for the loop variable",
	}
	if c.cond > 0 {
		d.Severity = diag.Warning
	}
	if v.def.IsValid() {
		d.Notes = []diag.Note{{Span: v.def, Msg: "assigned here"}}
	}
	c.report(d)
}

// loop checks a body that runs any number of times. It is first checked quietly until
// the types at its head stand still: what the body assigns flows back to it. head checks
// the condition of a while, v is the variable of a for.
func (c *checker) loop(body *ast.Body, head func(), v *ast.Ident) {
	before := c.scope.env
	start := before.clone()
	forget(start, body)
	run := func() *env {
		in := start.clone()
		c.scope.env = in
		if head != nil {
			head()
		}
		if v != nil {
			in.vars[v.Name] = variable{typ: types.IntT, def: v.At}
		}
		c.cond++
		c.stmts(body.Stmts)
		c.cond--
		return c.scope.env
	}
	passes := maxPasses
	if c.quiet > 0 {
		passes = 1 // the enclosing loop comes round again
		if c.quietLoops++; c.quietLoops > maxQuiet {
			passes = 0
		}
		defer func() { c.quietLoops-- }()
	}
	var end *env
	for range passes {
		c.quiet++
		end = run()
		c.quiet--
		if !widen(start, end) {
			break
		}
		end = nil
	}
	if end == nil || c.quiet == 0 {
		end = run()
	}
	c.scope.env = c.leaveLoop(before, end, v)
}

// maxPasses bounds the search for stable types; each pass that goes on makes at least one
// type of a variable wider, and chains of copies longer than this are not written.
// maxQuiet bounds the depth to which loops in loops are searched as well.
const (
	maxPasses = 10
	maxQuiet  = 3
)

// forget drops the constant values that do not hold at the head of a loop.
func forget(e *env, body *ast.Body) {
	for _, w := range writes(body.Stmts) {
		if v, ok := e.vars[w.name]; ok {
			v.val = nil
			e.vars[w.name] = v
		}
	}
}
