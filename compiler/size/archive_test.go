package size_test

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// section is a part of an archive: text below a line "-- name --".
type section struct {
	name string
	data []byte
}

// archive is a file of sections after a comment, in the txtar format.
type archive struct {
	comment  []byte
	sections []section
}

func readArchive(t *testing.T, file string) *archive {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	a := &archive{}
	part := &a.comment
	for line := range bytes.Lines(text) {
		l := strings.TrimSpace(string(line))
		if name, ok := strings.CutPrefix(l, "-- "); ok && strings.HasSuffix(name, " --") {
			a.sections = append(a.sections, section{name: strings.TrimSuffix(name, " --")})
			part = &a.sections[len(a.sections)-1].data
			continue
		}
		*part = append(*part, line...)
	}
	return a
}

func (a *archive) write(t *testing.T, file string) {
	t.Helper()
	b := bytes.NewBuffer(bytes.Clone(a.comment))
	for _, s := range a.sections {
		b.WriteString("-- " + s.name + " --\n")
		b.Write(s.data)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
