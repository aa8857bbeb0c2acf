package scripts

import (
	"embed"
	"io/fs"
	"strings"
)

// FS holds all directories that the package comment lists.
//
//go:embed builtin data examples generators nn workloads
var FS embed.FS

// Read returns the text of the file at path, for example builtin/autoencoder.dml.
// The error is an fs.ErrNotExist when there is none.
func Read(path string) (string, error) {
	b, err := FS.ReadFile(path)
	return string(b), err
}

// Names lists the library functions, the base names of builtin/*.dml, in alphabetical order.
func Names() []string {
	es, err := fs.ReadDir(FS, "builtin")
	if err != nil {
		return nil // cannot be: the directory is part of the binary
	}
	var ns []string
	for _, e := range es {
		if n, ok := strings.CutSuffix(e.Name(), ".dml"); ok {
			ns = append(ns, n)
		}
	}
	return ns
}
