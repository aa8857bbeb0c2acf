package builtins_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// data is where real data sets lie on machines that have them.
const data = "../../shared/data"

// testFrame runs scripts about this frame: a number, a name, an age, a flag, a city and a code.
const testFrame = `F = read("a.csv", data_type="frame", format="csv", header=TRUE); `

const testRows = "id,name,age,flag,city,code\n1,ann,3.5,true,Paris,a1f\n2,bob,,false,Rome,b2c\n3,ann,7,TRUE,,c3d\n4,x·y,2.25,F,Paris,d4e\n5,cy,9,t,Oslo,e5f\n"

// inFrames runs scripts in a folder with the frame and compares what they print, without
// the heads of frames.
func inFrames(t *testing.T, cases [][2]string) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("a.csv", []byte(testRows), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		for _, level := range levels {
			out, err := run(testFrame+c[0], level)
			var lines []string
			for l := range strings.Lines(out) {
				if l = strings.TrimSuffix(l, "\n"); l != "" && !strings.HasPrefix(l, "# ") {
					lines = append(lines, l)
				}
			}
			if got := strings.Join(lines, "|"); err != nil || got != c[1] {
				t.Errorf("-O%d %s\n got %s, %v\nwant %s", level, c[0], got, err, c[1])
			}
		}
	}
}

// TestSchemas: from: Apache SystemDS 3.3, but for missing numbers, which it turns into 0.
func TestSchemas(t *testing.T) {
	inFrames(t, [][2]string{
		{`print(detectSchema(F))`, "INT32 STRING FP32·n BOOLEAN STRING STRING"},
		{`print(typeof(applySchema(F, detectSchema(F))))`, "INT32 STRING FP32 BOOLEAN STRING STRING"},
		{`print(applySchema(F, detectSchema(F)))`, "1 ann 3.5 TRUE Paris a1f|2 bob null FALSE Rome b2c|3 ann 7.0 TRUE null c3d|4 x·y 2.25 FALSE Paris d4e|5 cy 9.0 TRUE Oslo e5f"},
		{`S = frame(list("CHARACTER", "STRING", "FP64", "BOOLEAN", "STRING", "HASH32"), rows=1, cols=6); G = applySchema(F, S); print(as.matrix(cbind(G[,1], G[,6])))`,
			"49.000 2591.000|50.000 2860.000|51.000 3133.000|52.000 3406.000|53.000 3679.000"},
		{`S = frame(list("UINT8", "STRING", "FP64", "BOOLEAN", "STRING", "HASH64"), rows=1, cols=6); G = applySchema(F, S); print(typeof(G)); print(G[3,])`,
			"UINT8 STRING FP64 BOOLEAN STRING HASH64|3 ann 7.000 TRUE null c3d"},
		{`S = frame(list("INT64", "FP64", "INT32", "BOOLEAN", "INT64", "CHARACTER"), rows=1, cols=6); print(dropInvalidType(F, S))`,
			"1 null null true null null|2 null null false null null|3 null 7 TRUE null null|4 null null F null null|5 null 9 t null null"},
		{`G = as.frame(matrix("1 2 3 0.5 1 1 NaN 300000000000 0 1 2 3", 3, 4)); print(dropInvalidType(G, frame("INT32", rows=1, cols=4)))`,
			"TRUE 2 3.0 null|TRUE 1 null null|FALSE 1 2.0 3.0"},
		{`print(dropInvalidLength(F, matrix("1 2 -1 4 -1 2", 1, 6)))`, "1 null 3.5 true Paris null|2 null null null Rome null|3 null 7 TRUE null null|4 null 2.25 F Paris null|5 cy 9 t Oslo null"},
		{`print(dropInvalidLength(as.frame(matrix("1 20 3 0.5 1 1", 3, 2)), matrix("1 3", 1, 2)))`, "1 null|3 0.5|1 1.0"},
		{`print(freplicate(F, F[2,])); print(nrow(freplicate(F[1,], F[2,])))`, strings.Repeat("2 bob null false Rome b2c|", 5) + "1"},
		{`G = frame(list("x", "1", "2", "y", "z", "w"), rows=3, cols=2); print(valueSwap(G, frame(list("STRING", "INT32"), rows=1, cols=2)))`, "x 1|2 y|z w"},
		{`G = frame(list("1", "x", "2", "y"), rows=2, cols=2); print(valueSwap(G, frame(list("STRING", "INT32"), rows=1, cols=2)))`, "1 x|2 y"},
		{`G = frame(list("true", "7", "8", "f"), rows=2, cols=2); print(valueSwap(G, frame(list("INT32", "BOOLEAN"), rows=1, cols=2)))`, "7 true|8 f"},
		{`G = as.frame(matrix("0 1 0 1 2147483647 -2147483648", 3, 2)); print(typeof(G)); print(detectSchema(G))`, "INT32 INT32|INT32 INT32"},
		{`G = frame(list("a", "0", "", "0", "0", ""), rows=3, cols=2); print(removeEmpty(target=G, margin="rows")); print(ncol(removeEmpty(target=G, margin="cols")))`, "a 0|1"},
		{`G = frame(list("a", "", "NA", "b"), rows=2, cols=2); print(replace(target=G, pattern="NA", replacement="")); print(replace(target=G, pattern="", replacement="1"))`, "a | b|a 1|NA b"},
		{`print(F == F); print(F[1,1] < F[2,1])`, strings.Repeat("TRUE TRUE TRUE TRUE TRUE TRUE|", 5) + "TRUE"},
		{`F[2,3] = "8"; F[3,2:5] = F[1,2:5]; print(F[2:3,])`, "2 bob 8 false Rome b2c|3 ann 3.5 true Paris c3d"},
		{`print(frame(list("a"), rows=2, cols=2))`, "a a|a a"},
		{`G = setNames(F[,1:2], frame(["x", "y"], rows=1, cols=2)); print(getNames(rbind(G, G))); print(getNames(cbind(G[,2], F[,1])))`, "x y|y id"},
	})
}

func TestMap(t *testing.T) {
	inFrames(t, [][2]string{
		{`print(map(F[,2], "x -> x.length()")); print(colnames(map(F[,2], "x -> x")))`, "3|3|3|3|2|C1"},
		{`print(map(F[,5], "x -> x.toUpperCase()"))`, "PARIS|ROME|null|PARIS|OSLO"},
		{`print(as.matrix(map(F[,2], "x -> x.length()")))`, "3.000|3.000|3.000|3.000|2.000"},
		{`print(map(F[1,4:5], "x -> x", margin=1)); print(map(F[3,4:5], "x -> x", 1))`, "true Paris|TRUE null"},
		{`print(map(F[1:2,1:2], "x -> new String[]{x[1], x[0]}", 1)); print(map(F[1:2,1:2], "x -> new String[]{x[1], x[0]}", 2))`, "ann 1|bob 2|2 bob|1 ann"},
		{`print(map(F[,2], "(x, y) -> UtilFunctions.jaccardSim(x, y)"))`, "0.0 0.0 1.0 0.0 0.0|0.0 0.0 0.0 0.0 0.0|0.0 0.0 0.0 0.0 0.0|0.0 0.0 0.0 0.0 0.25|0.0 0.0 0.0 0.0 0.0"},
		{`print(map(F[1:2,2], "(x, y) -> x + y"))`, "annann annbob|bobann bobbob"},
		{`to = "bob"; print(map(F[1:2,2], "s -> s.equals(\"" + to + "\") ? \"BOB\" : s"))`, "ann|BOB"},
		{`[X, M] = transformencode(target=F[,2], spec="{ids:true, recode:[1]}"); print(map(M, "s -> UtilFunctions.splitRecodeEntry(s)[0]"))`, "ann|bob|x·y|cy"},
		{`print(map(applySchema(F[,1], frame("FP64", rows=1, cols=1)), "x -> x"))`, "1.0|2.0|3.0|4.0|5.0"},
		{`print(map(F[,2], "UtilFunctions.syntacticalPatternDiscovery(0.5,NA)"))`, "ann|bob|ann|NA|NA"},
		{`print(map(F[1:3,1], "UtilFunctions.exponentialMovingAverageImputation(1;single;1;0.5;0.5;0.5)"))`, "1.000|1.500|2.250"},
	})
}

func TestTransforms(t *testing.T) {
	inFrames(t, [][2]string{
		{`[X, M] = transformencode(target=F[1:2,1], spec="{ids:true, udf:{name:sigmoid, ids:[1]}}"); print(X)`, "0.731|0.881"},
		{`f = function(matrix[double] X) return (matrix[double] Y) { Y = X * 10 }
[X, M] = transformencode(target=F[,1:4], spec="{ids:true, recode:[2], dummycode:[4], udf:{name:f, ids:[1,2]}}"); print(X[,1:4])
Y = transformapply(target=F[,1:4], meta=M, spec="{ids:true, recode:[2], dummycode:[4], udf:{name:f, ids:[1,2]}}"); print(sum(X[,1:2] - Y[,1:2]))`,
			"10.000 10.000 3.500 1.000|20.000 20.000 NaN 0.000|30.000 10.000 7.000 0.000|40.000 30.000 2.250 0.000|50.000 40.000 9.000 0.000|0.0"},
		{`[X, M] = transformencode(target=F[,1:5], spec="{ids:true, recode:[2,4], impute:[{id:3,method:global_mean},{id:5,method:global_mode}], dummycode:[5]}")
write(M, "m.csv", format="csv", header=TRUE); print(X)`,
			"1.000 1.000 3.500 1.000 1.000 0.000 0.000|2.000 2.000 5.438 2.000 0.000 1.000 0.000|3.000 1.000 7.000 3.000 1.000 0.000 0.000|4.000 3.000 2.250 4.000 1.000 0.000 0.000|5.000 4.000 9.000 5.000 0.000 0.000 1.000"},
		{`M = read("m.csv", data_type="frame", format="csv", header=TRUE)
X = transformapply(target=F[2:3,1:5], meta=M, spec="{ids:true, recode:[2,4], impute:[{id:3,method:global_mean},{id:5,method:global_mode}], dummycode:[5]}"); print(X)`,
			"2.000 2.000 5.438 2.000 0.000 1.000 0.000|3.000 1.000 7.000 3.000 1.000 0.000 0.000"},
		{`[X, M] = transformencode(target=F[,5], spec="{ids:true, dummycode:[1]}"); print(nrow(X) + " " + ncol(X) + " " + sum(X)); print(getCategoricalMask(F[,4:5], "{ids:true, dummycode:[2], recode:[1]}"))`,
			"5 3 4.0|1.000 1.000 1.000 1.000"},
	})
}

// TestFrameErrors: messages name the place, and what to do where that is known.
func TestFrameErrors(t *testing.T) {
	t.Chdir(t.TempDir())
	for script, want := range map[string]string{
		`F = frame("a", rows=1, cols=1); [X, M] = transformencode(target=F, spec="{ids:true, recod:[1]}"); print(X)`:                                                                      "character 12",
		`F = frame("a", rows=1, cols=1); [X, M] = transformencode(target=F, spec="{ids:true, udf:{name:nosuch, ids:[1]}}"); print(X)`:                                                     "there is no such DML function",
		`F = frame("a", rows=1, cols=1); [X, M] = transformencode(target=F, spec="{ids:true, recode:[2]}"); print(X)`:                                                                     "the frame has 1 columns",
		`F = frame("a", rows=1, cols=1); [X, M] = transformencode(target=F, spec="{}"); print(X)`:                                                                                         "list the column in recode",
		`F = frame("a", rows=1, cols=1); s = toString(F); [X, M] = transformencode(target=F, spec=s); print(X)`:                                                                           "an object in braces",
		`print(map(frame("a", rows=1, cols=1), "x -> y"))`:                                                                                                                                "unknown name",
		`print(map(frame("a", rows=1, cols=1), "x -> x", 3))`:                                                                                                                             "margin",
		`print(map(frame("a", rows=1, cols=1), "x -> x.charAt(3)"))`:                                                                                                                      "row 1, column 1",
		`print(map(frame("a", rows=1, cols=1), "x -> x.trim()", 1))`:                                                                                                                      "a String is needed, not array",
		`print(map(frame("a", rows=1, cols=1), "x -> \"b\"", 1))`:                                                                                                                         "must give an array of 1 items",
		`print(map(frame("a", rows=1, cols=2), "(x, y) -> x"))`:                                                                                                                           "one column",
		`print(map(frame("a", rows=1, cols=1), "UtilFunctions.syntacticalPatternDiscovery(2,x)"))`:                                                                                        "between 0 and 1",
		`print(map(frame("a", rows=1, cols=1), "UtilFunctions.exponentialMovingAverageImputation(1;x;1;1;1;1)"))`:                                                                         "single, double or triple",
		`print(tokenize(target=frame("a", rows=1, cols=1), spec="{algo:split, out:count}"))`:                                                                                              "tokenize_col is missing",
		`print(tokenize(target=frame("a", rows=1, cols=1), spec="{algo:split, out:count, tokenize_col:1}", max_tokens=0))`:                                                                "at least 1",
		`print(applySchema(frame("a", rows=1, cols=1), frame("INT32", rows=1, cols=1)))`:                                                                                                  `column 1 (C1): "a" is not an INT32 number (row 1)`,
		`print(applySchema(frame("a", rows=1, cols=1), frame("INT33", rows=1, cols=1)))`:                                                                                                  `"INT33" is no type`,
		`print(applySchema(frame("a", rows=1, cols=2), frame("INT32", rows=1, cols=1)))`:                                                                                                  "must be a 1x2 frame",
		`print(dropInvalidLength(frame("a", rows=1, cols=2), matrix(1, 1, 1)))`:                                                                                                           "must be 1x2",
		`print(freplicate(frame("a", rows=1, cols=2), frame("a", rows=1, cols=1)))`:                                                                                                       "must be a 1x2 frame",
		`F = frame("a", rows=1, cols=1); print(replace(target=F, pattern="a", replacement="1"))`:                                                                                          `"a" is STRING, "1" is INT64`,
		`F = frame("a", rows=1, cols=1); print(replace(target=F, pattern="2", replacement="1.5"))`:                                                                                        `"2" is INT64, "1.5" is FP64`,
		`F = frame("a", rows=1, cols=1); print(replace(target=F, pattern="TRUE", replacement="1"))`:                                                                                       `"TRUE" is BOOLEAN, "1" is INT64`,
		`print(detectSchema(matrix(1, 1, 1)))`:                                                                                                                                            "frame",
		`print(valueSwap(as.frame(matrix("1 2", 1, 2)), frame(list("CHARACTER", "x"), rows=1, cols=2)))`:                                                                                  `"x" is no type`,
		`[X, M] = transformencode(target=frame("a", rows=1, cols=1), spec="{ids:true,recode:[1]}"); print(transformdecode(target=matrix(1, 1, 2), meta=M, spec="{ids:true,recode:[1]}"))`: "the matrix has 2",
		`M = transformmeta(spec="{}", transformPath="x")`:                                                                                                                                 "not supported",
	} {
		for _, level := range levels {
			if out, err := run(script, level); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("-O%d %s\n got %s, %v\nwant %s", level, script, out, err, want)
			}
		}
	}
}

// TestRealFrames: real data sets go through every transform and come back.
func TestRealFrames(t *testing.T) {
	if _, err := os.Stat(data); err != nil {
		t.Skip("no folder of real data sets")
	}
	read := func(name string) string {
		path, err := filepath.Abs(filepath.Join(data, name))
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("F = read(%q, data_type=\"frame\", format=\"csv\", header=TRUE, naStrings=\"NA\")\n", path)
	}
	for _, c := range [][2]string{
		// 150 flowers of three species, 50 of each
		{read("iris.csv.gz") + `[X, M] = transformencode(target=F, spec="{ids:true, dummycode:[5]}"); print(toString(colSums(X[,5:7]), decimal=0)); print(toString(transformcolmap(target=M, spec="{ids:true, dummycode:[5]}"), decimal=0))
G = transformdecode(target=X, meta=M, spec="{ids:true, dummycode:[5]}"); print(sum(as.matrix(F[,1:4]) - as.matrix(G[,1:4]))); E = F[,5] == G[,5]; print(sum(as.matrix(E)))`,
			"50 50 50 /  / 1 1 1 / 2 2 2 / 3 3 3 / 4 4 4 / 5 5 7 /  / 0.0 / 150.0"},
		// 699 patients, 16 cells of Bare.nuclei are NA, 458 are benign
		{read("BreastCancer.csv.gz") + `[X, M] = transformencode(target=F[,2:11], spec="{ids:true, recode:[10], omit:[6]}"); print(nrow(X) + " " + ncol(X))
[Y, M] = transformencode(target=F[,2:11], spec="{ids:true, recode:[10], impute:[{id:6,method:global_mode}]}"); print(nrow(Y) + " " + sum(is.nan(Y)) + " " + sum(Y[,10] == 1))
print(detectSchema(F))`,
			"683 10 / 699 0.0 458.0 / # FRAME: nrow = 1, ncol = 11 / # C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 / # STRING STRING STRING STRING STRING STRING STRING STRING STRING STRING STRING / INT32 INT32 INT32 INT32 INT32 INT32 INT32·n INT32 INT32 INT32 STRING"},
		// 20000 letters A to Z
		{read("LetterRecognition.csv.gz") + `print(detectSchema(F[,1])); [X, M] = transformencode(target=F, spec="{ids:true, recode:[1], bin:[{id:2,method:equi-width,numbins:4}]}"); print(nrow(M) + " " + max(X[,1]) + " " + max(X[,2]) + " " + min(X[,2]))`,
			"# FRAME: nrow = 1, ncol = 1 / # C1 / # STRING / CHARACTER /  / 26 26.0 4.0 1.0"},
	} {
		out, err := run(c[0], levels[1])
		if err != nil || inLine(out) != c[1] {
			t.Errorf("%.60s\n got %s, %v\nwant %s", c[0], inLine(out), err, c[1])
		}
	}
}
