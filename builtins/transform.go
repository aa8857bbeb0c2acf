package builtins

import (
	"errors"
	"fmt"

	"gdml/lang/diag"
	"gdml/lang/op"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/frame"
	"gdml/runtime/matrix"
	"gdml/runtime/transform"
	"gdml/runtime/value"
)

const transforms = "Feature transforms"

// specDoc describes the specification, which all rows of the family share.
const specDoc = " The specification is a JSON object, keys and words of which may go without quotes. With ids:true columns are" +
	" numbers from 1 on, else names. recode: tokens become codes 1, 2, ... in the order in which they first occur. hash: the bucket of" +
	" a cell, 1 to K. bin: [{id:, method:, numbins:}], with the methods equi-width, equi-height and equi-height-approx (computed" +
	" exactly). dummycode: the codes, a group of 0/1 columns for each column; implies recode for columns that are not hashed or" +
	" binned. bag_of_words: a count for each word. word_embedding: a row of the embedding for each token. Other columns are read" +
	" as numbers. impute: [{id:, method:, value:}] puts global_mean, global_mode or a constant for missing cells. udf:" +
	" {name:, ids:} applies a function from matrix to matrix to encoded columns. omit drops rows in which a listed column is missing."

// transformFuncs turn frames into numbers and back.
func transformFuncs() []*Func {
	return []*Func{transformEncode(), transformApply(), transformDecode(), transformColMap(), categoricalMask(), tokenizeRow(), mapRow()}
}

func specParam() types.Param {
	return need("spec", types.Str, "specification, a JSON object")
}

// checkSpec reads a literal specification at argument i.
func checkSpec(name string, i int, read func(string) error) check {
	return func(c types.Call) []types.Problem {
		lit, ok := c.Literal(i)
		text, isText := lit.(string)
		if !ok || !isText {
			return nil
		}
		err := read(text)
		if err == nil {
			return nil
		}
		var fault *transform.SpecError
		if errors.As(err, &fault) {
			return problem(i, fault.Hint, "%s: specification, character %d: %s", name, fault.At, fault.Msg)
		}
		return problem(i, "", "%s: %v", name, err)
	}
}

// checkEncoding is checkSpec for the transforms that call the function of udf, which has to exist.
func checkEncoding(name string, i int) check {
	return checks(checkSpec(name, i, readSpec), func(c types.Call) []types.Problem {
		lit, _ := c.Literal(i)
		text, _ := lit.(string)
		s, err := transform.Parse(text)
		if err != nil || s.UDF() == "" {
			return nil
		}
		if _, ok := c.Function(s.UDF()); ok {
			return nil
		}
		hint := ""
		if near, ok := diag.Nearest(s.UDF(), c.Functions()); ok {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		p := problem(i, hint, "%s: the specification applies %s, but there is no such DML function", name, s.UDF())
		p[0].Code = uint16(diag.UndefinedFunction)
		return p
	})
}

func readSpec(text string) error {
	_, err := transform.Parse(text)
	return err
}

// plan binds the specification at argument i to the columns of f.
func plan(a *exec.Args, i int, f *frame.Frame) (*transform.Plan, error) {
	text, err := a.Str(i, "")
	if err != nil {
		return nil, err
	}
	s, err := transform.Parse(text)
	if err != nil {
		return nil, faulty(a, err)
	}
	p, err := s.Bind(f.Names())
	if err != nil {
		return nil, faulty(a, err)
	}
	return p, nil
}

// faulty is the error for a specification with a fault, found at run time.
func faulty(a *exec.Args, err error) error {
	var fault *transform.SpecError
	if errors.As(err, &fault) {
		return exec.Failf(diag.BadValue, fault.Hint, "%s: specification, character %d: %s", a.Name, fault.At, fault.Msg)
	}
	return named(a, err)
}

// udf returns the function of a plan as a closure over the machine.
func udf(a *exec.Args, p *transform.Plan) (transform.UDF, error) {
	name := p.UDF()
	if name == "" {
		return nil, nil
	}
	fn, err := findCallable(a.M, name, nil)
	if err != nil {
		return nil, err
	}
	if fn == nil {
		return nil, fmt.Errorf("%s: the specification applies %q, but there is no such function", a.Name, name)
	}
	return func(x *matrix.Matrix) (*matrix.Matrix, error) {
		out, err := a.M.Call(fn, []value.Value{x})
		if err != nil {
			return nil, err
		}
		for _, v := range out[min(1, len(out)):] {
			value.Release(v)
		}
		if len(out) > 0 {
			if m, ok := out[0].(*matrix.Matrix); ok {
				return m, nil
			}
			value.Release(out[0])
		}
		return nil, fmt.Errorf("%s: the function %s of the specification must return a matrix", a.Name, name)
	}, nil
}

// encodedShape is the shape of an encoded frame as far as a literal specification tells it.
func encodedShape(f, spec op.Shape) op.Shape {
	text, ok := spec.Val.(string)
	if !ok {
		return op.Dims(op.Unknown, op.Unknown)
	}
	s, err := transform.Parse(text)
	if err != nil {
		return op.Dims(op.Unknown, op.Unknown)
	}
	rows, cols := f.Rows, f.Cols
	if s.Omits() {
		rows = op.Unknown
	}
	if s.Widens() {
		cols = op.Unknown
	}
	return op.Dims(rows, cols)
}

func transformEncode() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "transformencode", Binding: types.Named, MultiResult: true,
			Params:  []types.Param{need("target", types.FrameT, "frame, n x m"), specParam()},
			Results: []types.Type{types.Mat, types.FrameT},
			Check:   checkEncoding("transformencode", 1),
		},
		Family: transforms,
		Doc: "Encodes a frame as numbers, n x k, and returns them with the metadata, a frame of m columns that the other transforms" +
			" take: token·code for each code, lower·upper for each bin, K for hash. A missing or empty cell is NaN, or a group of zeros." + specDoc,
		Example: `F = frame(list("b", "1", "a", "2", "b", "3"), rows=3, cols=2); [X, M] = transformencode(target=F, spec="{ids:true, recode:[1]}"); print(X); print(M)` +
			`  # 1.000 1.000 / 2.000 2.000 / 1.000 3.000 /  / # FRAME: nrow = 2, ncol = 2 / # C1 C2 / # STRING STRING / b·1 null / a·2 null`,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			return []op.Shape{encodedShape(in[0], shapeAt(in, 1)), op.Dims(op.Unknown, in[0].Cols)}, nil
		},
		Call: func(a *exec.Args) ([]value.Value, error) {
			f, err := frameArg(a, 0)
			if err != nil {
				return nil, err
			}
			p, err := plan(a, 1, f)
			if err != nil {
				return nil, err
			}
			fn, err := udf(a, p)
			if err != nil {
				return nil, err
			}
			x, meta, err := p.Encode(a.M.Mat(), f, fn)
			if err != nil {
				return nil, named(a, err)
			}
			return []value.Value{x, meta}, nil
		},
	}
}

func transformApply() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "transformapply", Binding: types.Named,
			Params: []types.Param{need("target", types.FrameT, "frame, n x m"), need("meta", types.FrameT, "metadata of transformencode"), specParam(),
				may("embedding", types.Mat, "", "matrix with a row for each code of the columns in word_embedding")},
			Results: []types.Type{types.Mat},
			Check:   checkEncoding("transformapply", 2),
		},
		Family: transforms,
		Doc: "Encodes a frame by the metadata of an earlier transformencode, n x k. A token that was not seen then is NaN, or a group" +
			" of zeros; a number outside the bins goes to the first or last one." + specDoc,
		Example: `F = frame(list("b", "a"), rows=2, cols=1); [X, M] = transformencode(target=F, spec="{ids:true, recode:[1]}"); print(transformapply(target=rbind(F, as.frame("c")), meta=M, spec="{ids:true, recode:[1]}"))  # 1.000 / 2.000 / NaN`,
		Shape: func(in []op.Shape) ([]op.Shape, error) {
			return []op.Shape{encodedShape(in[0], shapeAt(in, 2))}, nil
		},
		Call: callTransformApply,
	}
}

func callTransformApply(a *exec.Args) ([]value.Value, error) {
	f, err := frameArg(a, 0)
	if err != nil {
		return nil, err
	}
	meta, err := frameArg(a, 1)
	if err != nil {
		return nil, err
	}
	p, err := plan(a, 2, f)
	if err != nil {
		return nil, err
	}
	var embedding *matrix.Matrix
	if a.Has(3) {
		if embedding, err = a.Matrix(3); err != nil {
			return nil, err
		}
	}
	fn, err := udf(a, p)
	if err != nil {
		return nil, err
	}
	x, err := p.Apply(a.M.Mat(), f, meta, embedding, fn)
	return result(a, x, err)
}

func transformDecode() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "transformdecode", Binding: types.Named,
			Params:  []types.Param{need("target", types.Mat, "encoded matrix, n x k"), need("meta", types.FrameT, "metadata of transformencode, m columns"), specParam()},
			Results: []types.Type{types.FrameT},
			Check:   checkSpec("transformdecode", 2, readSpec),
		},
		Family: transforms,
		Doc: "Turns encoded numbers back into a frame, n x m: a code into its token, a group of dummycode into the token of its first" +
			" column that is not 0, a bin into its centre, shifted by the fraction of the code. What has no token is missing. Columns that" +
			" were read as numbers, and hashes, are FP64, all others strings.",
		Example: `F = frame(list("b", "a"), rows=2, cols=1); [X, M] = transformencode(target=F, spec="{ids:true, dummycode:[1]}"); print(transformdecode(target=X, meta=M, spec="{ids:true, dummycode:[1]}"))` +
			`  # # FRAME: nrow = 2, ncol = 1 / # C1 / # STRING / b / a`,
		Pure:  true,
		Shape: gives(func(in []op.Shape) (int64, int64) { return in[0].Rows, shapeAt(in, 1).Cols }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			x, err := a.Matrix(0)
			if err != nil {
				return nil, err
			}
			meta, err := frameArg(a, 1)
			if err != nil {
				return nil, err
			}
			p, err := plan(a, 2, meta)
			if err != nil {
				return nil, err
			}
			f, err := p.Decode(x, meta)
			if err != nil {
				return nil, named(a, err)
			}
			return one(f)
		},
	}
}

func transformColMap() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "transformcolmap", Binding: types.Named,
			Params:  []types.Param{need("target", types.FrameT, "metadata of transformencode, m columns"), specParam()},
			Results: []types.Type{types.Mat},
			Check:   checkSpec("transformcolmap", 1, readSpec),
		},
		Family: transforms,
		Doc:    "Where the columns of a frame are after encoding, m x 3: the column, and the first and last of its encoded columns.",
		Example: `F = frame(list("b", "1", "a", "2"), rows=2, cols=2); [X, M] = transformencode(target=F, spec="{ids:true, dummycode:[1]}"); print(transformcolmap(target=M, spec="{ids:true, dummycode:[1]}"))` +
			`  # 1.000 1.000 2.000 / 2.000 3.000 3.000`,
		Pure:  true,
		Shape: gives(func(in []op.Shape) (int64, int64) { return in[0].Cols, 3 }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			meta, err := frameArg(a, 0)
			if err != nil {
				return nil, err
			}
			p, err := plan(a, 1, meta)
			if err != nil {
				return nil, err
			}
			m, err := p.ColMap(meta)
			return result(a, m, err)
		},
	}
}

func categoricalMask() *Func {
	return &Func{
		Signature: types.Signature{
			Name:    "getCategoricalMask",
			Params:  []types.Param{need("F", types.FrameT, "frame that is encoded, or its metadata"), specParam()},
			Results: []types.Type{types.Mat},
			Check:   checkSpec("getCategoricalMask", 1, readSpec),
		},
		Family: transforms,
		Doc: "Which encoded columns are categorical, 1 x k: 1 for the codes of recode and hash and for the groups of dummycode, 0 for" +
			" columns that are read as numbers. bin, bag_of_words, word_embedding and udf are not supported.",
		Example: `F = frame(list("b", "1", "a", "2"), rows=2, cols=2); print(getCategoricalMask(F, "{ids:true, dummycode:[1]}"))  # 1.000 1.000 0.000`,
		Pure:    true,
		Shape:   gives(func([]op.Shape) (int64, int64) { return 1, op.Unknown }),
		Call: func(a *exec.Args) ([]value.Value, error) {
			f, err := frameArg(a, 0)
			if err != nil {
				return nil, err
			}
			p, err := plan(a, 1, f)
			if err != nil {
				return nil, err
			}
			m, err := p.Mask(f)
			return result(a, m, err)
		},
	}
}
