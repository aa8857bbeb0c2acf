package exp

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// dataPrefix marks settings of the data among those of the script.
const dataPrefix = "data."

// dataKeys are the settings of the data: a file, or a generator with sizes, seed and the
// share of cells that are not 0.
var dataKeys = []string{"file", "gen", "rows", "cols", "seed", "density"}

// generators are DML programs that make X. The one called lr4 makes rows near a plane of
// four dimensions: X = Z A + 0.1 noise with Z uniform in (-1, 1) and A normal with standard
// deviation 0.5.
var generators = map[string]string{
	"uniform": `X = rand(rows=$ROWS, cols=$COLS, min=0, max=1, sparsity=$DENSITY, seed=$DSEED)`,
	"lr4": `Z = rand(rows=$ROWS, cols=4, min=-1, max=1, seed=$DSEED)
A = 0.5 * rand(rows=4, cols=$COLS, pdf="normal", seed=$DSEED + 1)
noise = rand(rows=$ROWS, cols=$COLS, pdf="normal", seed=$DSEED + 2)
X = Z %*% A + 0.1 * noise`,
}

// dataset is what the data settings of a point ask for. The zero value is no data.
type dataset struct {
	file       string
	gen        string
	rows, cols int64
	seed       int64
	density    float64
}

// dataset decodes the data settings.
func (p *point) dataset() (dataset, error) {
	d := dataset{file: p.value("data.file"), gen: p.value("data.gen"), density: 1}
	if d.file == "" && d.gen == "" {
		return dataset{}, nil
	}
	if d.file != "" {
		if d.gen != "" {
			return d, fmt.Errorf("data: give either file or gen")
		}
		return d, nil
	}
	if generators[d.gen] == "" {
		return d, fmt.Errorf("data: unknown generator %q; there are lr4 and uniform", d.gen)
	}
	for _, f := range []struct {
		name  string
		least int64
		to    *int64
	}{{"rows", 1, &d.rows}, {"cols", 1, &d.cols}, {"seed", 0, &d.seed}} {
		text := p.value(dataPrefix + f.name)
		v, err := strconv.ParseInt(text, 10, 64)
		if err != nil || v < f.least {
			return d, fmt.Errorf("data: %s of %q: want an integer of at least %d", f.name, text, f.least)
		}
		*f.to = v
	}
	if text := p.value("data.density"); text != "" {
		v, err := strconv.ParseFloat(text, 64)
		if err != nil || !(v > 0 && v <= 1) {
			return d, fmt.Errorf("data: density of %q: want a number above 0 and up to 1", text)
		}
		if d.gen != "uniform" {
			return d, fmt.Errorf("data: only the generator uniform has a density")
		}
		d.density = v
	}
	return d, nil
}

// path returns where the data lie, generated data in dir under a name that says what they are.
func (d *dataset) path(dir string) string {
	if d.gen == "" {
		return d.file
	}
	return filepath.Join(dir, fmt.Sprintf("%s_%dx%d_seed%d_density%g.bin", d.gen, d.rows, d.cols, d.seed, d.density))
}

// prepare makes sure that the data exist.
func (d *dataset) prepare(ctx context.Context, gdml, dir string) error {
	path := d.path(dir)
	if d.file != "" {
		_, err := os.Stat(path)
		return err
	}
	if d.gen == "" || exists(path) && exists(path+".mtd") {
		return nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	p := process{path: gdml, args: []string{"-s", generators[d.gen] + "\nwrite(X, $OUT, format=\"binary\")", "-nvargs",
		fmt.Sprintf("ROWS=%d", d.rows), fmt.Sprintf("COLS=%d", d.cols), fmt.Sprintf("DSEED=%d", d.seed),
		fmt.Sprintf("DENSITY=%g", d.density), "OUT=" + path}}
	if e := p.run(ctx); e.rc != 0 {
		return fmt.Errorf("cannot make %s: %s", path, strings.TrimSpace(e.reason()))
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
