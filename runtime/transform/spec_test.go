package transform

import (
	"errors"
	"strings"
	"testing"
)

var names = []string{"id", "name", "age", "city"}

func TestSpecs(t *testing.T) {
	for _, spec := range []string{
		`{}`, `{ids:true}`, `{"ids": true, "recode": [1, 2]}`, `{ recode : [ name , "city" ] , omit:['age'] }`,
		`{ids:true, bin:[{id:3, method:equi-width, numbins:3}], dummycode:[3]}`, `{hash:[name], K:10, dummycode:[name]}`,
		`{bin:[{name:age,method:equi-height}]}`, `{ids:true, impute:[{id:3,method:constant,value:-1.5},{id:2,method:global_mode}],recode:[2]}`,
		`{ids:true,udf:{name:f,ids:[1,2]}}`, `{word_embedding:[name],bag_of_words:[city]}`, `{passthrough:[age]}`, `{ids:true, recode:[1,2,], }`,
	} {
		s, err := Parse(spec)
		if err != nil {
			t.Errorf("%s: %v", spec, err)
			continue
		}
		if _, err := s.Bind(names); err != nil {
			t.Errorf("%s: %v", spec, err)
		}
	}
}

// TestSpecErrors: each fault is found where it is, with a hint where a repair is known.
func TestSpecErrors(t *testing.T) {
	for _, c := range []struct {
		spec string
		at   int
		want string
	}{
		{``, 1, "braces"}, {`[1]`, 1, "braces"}, {`{} x`, 4, "nothing may follow"}, {`{a`, 3, "a colon is needed"}, {`{ids:true recode:[1]}`, 11, "a comma or"},
		{`{ids:true, recode:[1}`, 21, "a comma or"}, {`{recode:["a]}`, 10, "not closed"}, {`{recode:[,name]}`, 10, ""}, {`{recode:[1],recode:[2]}`, 13, "twice"},
		{`{ids:1}`, 6, "true or false"}, {`{foo:[1]}`, 2, `unknown key "foo"`}, {`{ids:true,recod:[1]}`, 11, `did you mean "recode"`}, {`{ids:true, recode:1}`, 19, "write recode:[1]"},
		{`{ids:true, recode:[0]}`, 20, "numbers from 1 on"}, {`{ids:true, recode:[name]}`, 20, "leave ids out"}, {`{ids:true, recode:[1,1]}`, 22, "names the column 1 twice"},
		{`{ids:true,hash:[1]}`, 1, "number of buckets"}, {`{ids:true,hash:[1],K:0}`, 22, "whole number from 1"}, {`{ids:true,hash:[1],K:x}`, 22, "whole number from 1"},
		{`{ids:true,bin:[1]}`, 16, "list of objects"}, {`{ids:true,bin:{id:1}}`, 15, "list of objects"}, {`{ids:true,bin:[{method:equi-width}]}`, 16, "names no column"},
		{`{ids:true,bin:[{id:1}]}`, 16, "has no method"}, {`{ids:true,bin:[{id:1,method:equi_width}]}`, 29, `did you mean "equi-width"`}, {`{ids:true,bin:[{id:1,method:equi-width,bins:3}]}`, 40, `unknown key "bins"`},
		{`{ids:true,impute:[{id:1,method:mean}]}`, 32, "the methods are"}, {`{ids:true,impute:[{id:1,method:constant}]}`, 19, "needs a value"}, {`{ids:true,impute:[{id:1,method:global_mean,value:3}]}`, 50, "takes no value"},
		{`{ids:true,udf:f}`, 15, "must be an object"}, {`{ids:true,udf:{name:f}}`, 15, "needs the name of a function and columns"}, {`{ä:1}`, 2, "unknown key"}, {`{"ä":1, ids:2}`, 13, "true or false"},
		{strings.Repeat("{a:", 40) + "1" + strings.Repeat("}", 40), 97, "too deep"},
		// faults that only the columns show
		{`{ids:true,recode:[5]}`, 19, "recode names column 5, but the frame has 4"}, {`{recode:[nam]}`, 10, "the columns are id, name, age, city"}, {`{recode:[2]}`, 10, "add ids:true"},
		{`{ids:true,recode:[1],hash:[1],K:3}`, 28, "in recode already"}, {`{ids:true,passthrough:[1],dummycode:[1]}`, 38, "cannot be dummycoded"}, {`{ids:true,bag_of_words:[1],dummycode:[1]}`, 39, "cannot be dummycoded"},
		{`{ids:true,recode:[1],impute:[{id:1,method:global_mean}]}`, 34, "use global_mode"}, {`{ids:true,impute:[{id:1,method:global_mean},{id:1,method:global_mode}]}`, 49, "twice"},
	} {
		s, err := Parse(c.spec)
		if err == nil {
			_, err = s.Bind(names)
		}
		var fault *SpecError
		if !errors.As(err, &fault) || fault.At != c.at || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.60s: %v, want %q at %d", c.spec, err, c.want, c.at)
		}
	}
}

func TestTokenizerErrors(t *testing.T) {
	for spec, want := range map[string]string{
		`{out:count,tokenize_col:1}`: "the key algo is missing", `{algo:splitt,out:count,tokenize_col:1}`: `did you mean "split"`,
		`{algo:split,out:count}`: "tokenize_col is missing", `{algo:split,out:count,tokenize_col:0}`: "numbers from 1 on", `{algo:split,out:count,tokenize_col:1,format_wide:true}`: "no wide format",
		`{algo:ngram,algo_params:{min_gram:3},out:count,tokenize_col:1}`: "larger than max_gram", `{algo:split,algo_params:{regex:"("},out:count,tokenize_col:1}`: "cannot be used",
		`{algo:split,algo_params:{reg:"x"},out:count,tokenize_col:1}`: `did you mean "regex"`, `{algo:split,out:words,tokenize_col:1}`: "count, position, hash", `{algo:split,out:hash,out_params:{num_features:0},tokenize_col:1}`: "whole number",
		`{algo:split,out:count,tokenize_col:1,x:1}`: `unknown key "x"`,
	} {
		var fault *SpecError
		if _, err := ParseTokenizer(spec); !errors.As(err, &fault) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", spec, err, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(`{ids:true, bin:[{id:3, method:equi-width, numbins:3}], dummycode:[3], K:"\u00e4\n", udf:{name:f,ids:[1]}}`)
	f.Add(`{algo:split, out:count, algo_params:{regex:"[\\s]+"}, id_cols:[1], tokenize_col:2}`)
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := Parse(text); err == nil {
			if _, err := s.Bind(names); err == nil && s.text != text {
				t.Error("the text changed")
			}
		}
		if tok, err := ParseTokenizer(text); err == nil && tok.col < 0 {
			t.Error("no column")
		}
	})
}
