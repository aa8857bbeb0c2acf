package builtins

import (
	"fmt"
	"math"

	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/transform"
	"gdml/runtime/value"
)

func tokenizeRow() *Func {
	return &Func{
		Signature: types.Signature{
			Name: "tokenize", Binding: types.Named,
			Params: []types.Param{need("target", types.FrameT, "frame of documents, one for each row"), specParam(),
				may("max_tokens", types.IntT, "", "how many tokens of a document are kept; all without it")},
			Results: []types.Type{types.FrameT},
			Check: checks(checkSpec("tokenize", 1, func(text string) error {
				_, err := transform.ParseTokenizer(text)
				return err
			}), within("tokenize", "max_tokens", 2, 1, math.Inf(1))),
		},
		Family: transforms,
		Doc: "Splits documents into tokens. The specification is a JSON object: tokenize_col and id_cols are column numbers; algo is split," +
			" at algo_params:{regex:} (blanks without it), or ngram, runs of min_gram (1) to max_gram (2) tokens, or of characters of a token" +
			" with ngram_type:token; out is count (out_params:{sort_alpha:true} to sort), position (of the first character, from 1 on) or hash" +
			" (out_params:{num_features:}). The result has the id columns, and then token and count, position and token, or bucket and" +
			" count, a row for each token. format_wide:true gives a row for each document instead, with a column for each token or bucket;" +
			" apply_padding:true fills documents up to max_tokens.",
		Example: `F = frame(list("d1", "a b a"), rows=1, cols=2); print(tokenize(target=F, spec="{algo:split, out:count, id_cols:[1], tokenize_col:2}", max_tokens=9))` +
			`  # # FRAME: nrow = 2, ncol = 3 / # C1 C2 C3 / # STRING STRING INT64 / d1 a 2 / d1 b 1`,
		Pure: true,
		Call: func(a *exec.Args) ([]value.Value, error) {
			f, err := frameArg(a, 0)
			if err != nil {
				return nil, err
			}
			text, err := a.Str(1, "")
			if err != nil {
				return nil, err
			}
			t, err := transform.ParseTokenizer(text)
			if err != nil {
				return nil, faulty(a, err)
			}
			most, err := a.Int(2, -1)
			if err != nil {
				return nil, err
			}
			if a.Has(2) && most < 1 {
				return nil, fmt.Errorf("tokenize: max_tokens must be at least 1, not %d", most)
			}
			out, err := t.Apply(f, int(most))
			if err != nil {
				return nil, named(a, err)
			}
			return one(out)
		},
	}
}
