package explain

import (
	"bytes"
	"testing"
	"time"

	"gdml/lang/source"
	"gdml/lang/types"
	"gdml/runtime/exec"
	"gdml/runtime/value"
)

// instr is an instruction that only carries its operands.
type instr struct{ exec.Meta }

func (*instr) Exec(*exec.Machine) error { return nil }

// sources is a set with one file, and the spans of its first lines.
func sources() (*source.Set, []source.Span) {
	set := source.NewSet()
	f := set.Add("train.dml", "s1 = X %*% w\ng = t(X) %*% s1\nf(g)\n")
	return set, []source.Span{f.Span(5, 12), f.Span(17, 28), f.Span(29, 33)}
}

func TestRuntime(t *testing.T) {
	set, at := sources()
	add := func(op string, at source.Span, kill []exec.Slot, out []exec.Slot, in ...exec.Slot) exec.Instruction {
		return &instr{exec.Meta{Opcode: op, At: at, In: in, Out: out, Kill: kill}}
	}
	def := exec.Pred{Out: ^exec.Slot(0)}
	f := &exec.Function{
		Key: "./f.dml::f", Name: "f", At: at[2], Slots: 2, Names: []string{"a", "b"}, Consts: []value.Value{2.0},
		Params:  []exec.Param{{Name: "a", Type: types.Mat}, {Name: "b", Slot: 1, Default: &def}},
		Results: []exec.Result{{Name: "b", Slot: 1}},
	}
	main := &exec.Function{
		Slots: 5, Names: []string{"X", "w", "", "g", "i"}, Consts: []value.Value{int64(1), "a\"b", true},
		Body: []exec.Block{
			&exec.Basic{Instrs: []exec.Instruction{
				add("ba(+*)", at[0], []exec.Slot{1}, []exec.Slot{2}, 0, 1),
				add("fcall f", at[1], []exec.Slot{2}, []exec.Slot{3, exec.NoSlot}, 2, exec.NoSlot, ^exec.Slot(1)),
			}},
			&exec.If{
				Cond: exec.Pred{Out: ^exec.Slot(2), At: at[2]},
				Then: []exec.Block{&exec.Basic{Instrs: []exec.Instruction{add("release", at[2], []exec.Slot{3}, nil)}}},
				Else: []exec.Block{&exec.For{
					Var: 4, From: exec.Pred{Out: ^exec.Slot(0)}, To: exec.Pred{Out: 4}, Incr: exec.Pred{Out: exec.NoSlot}, At: at[1],
					Drop: []exec.Slot{4},
				}},
			},
			&exec.ParFor{
				For: exec.For{Var: 4, From: exec.Pred{Out: ^exec.Slot(0)}, To: exec.Pred{Out: ^exec.Slot(0)}, Incr: exec.Pred{Out: ^exec.Slot(0)}},
				Par: exec.Pred{Out: exec.NoSlot}, Results: []exec.Merge{{Slot: 0}, {Slot: 3, Accumulate: true}},
			},
		},
	}
	var b bytes.Buffer
	if err := Runtime(&b, &exec.Program{Main: main, Funcs: map[string]*exec.Function{f.Key: f}, Sources: set}); err != nil {
		t.Fatal(err)
	}
	want := `main
  ba(+*) X w -> s1                               # 1:6
  release w
  fcall f s1 _ "a\"b" -> g _                     # 2:5
  release s1
  if TRUE                                        # 3:1
    release g
  else
    for i = 1 to i                               # 2:5
    release i
  parfor i = 1 to 1 by 1
  merge X
  accumulate g
function ./f.dml::f(a, b) -> b                   # 3:1
  default b 2.0
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func statistics(t *testing.T) Run {
	set, at := sources()
	s := exec.NewStats()
	ms := time.Millisecond
	s.Merge(exec.Hit{Opcode: "ba(+*)", At: at[0], Time: 1402 * ms, Self: 1402 * ms, Count: 20})
	s.Merge(exec.Hit{Opcode: "ba(+*)", At: at[1], Time: 401 * ms, Self: 401 * ms, Count: 1})
	s.Merge(exec.Hit{Opcode: "fcall f", At: at[2], Time: 1234567 * ms, Self: 10 * ms, Count: 3})
	s.Merge(exec.Hit{Opcode: "an opcode that is longer than thirty characters", Time: ms, Self: ms, Count: 1})
	return Run{Script: "train.dml", Threads: 4, Compile: 21 * ms, Run: 2297 * ms, Peak: 412 << 20, Rewrites: 37, Stats: s, Sources: set}
}

func TestStats(t *testing.T) {
	var b bytes.Buffer
	if err := Stats(&b, statistics(t), 3); err != nil {
		t.Fatal(err)
	}
	want := `gdml statistics  train.dml, 4 threads
  total 2.318 s = compile 0.021 + run 2.297    peak memory 412.0 MB
  rewrites applied 37
 #  Operation      Line    Self(s)   Total(s)     Count
 1  f                 3      0.010   1234.567         3
 2  X %*% w           1      1.402      1.402        20
 3  t(X) %*% s1       2      0.401      0.401         1
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestSysDS(t *testing.T) {
	var b bytes.Buffer
	if err := SysDS(&b, statistics(t), 10); err != nil {
		t.Fatal(err)
	}
	want := `SystemDS Statistics:
Total elapsed time:		2.318 sec.
Total compilation time:		0.021 sec.
Total execution time:		2.297 sec.
Heavy hitter instructions:
 #  Instruction                       Time(s)  Count
 1  f                               1,234.567      3
 2  ba(+*)                              1.803     21
 3  an opcode that is longer than       0.001      1
    thirty characters
`
	if b.String() != want {
		t.Errorf("got\n%swant\n%s", b.String(), want)
	}
}

func TestSizes(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 KB", 5 << 40: "5.0 TB", 5 << 50: "5120.0 TB"} {
		if got := size(n); got != want {
			t.Errorf("size(%d) = %s; want %s", n, got, want)
		}
	}
}
