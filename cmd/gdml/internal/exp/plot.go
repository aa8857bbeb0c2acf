package exp

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// figure draws one kind of picture. The drawing is nil when the table lacks what it shows.
type figure struct {
	name string
	draw func(t *results, rows [][]string) (*drawing, error)
}

// figures returns all kinds.
func figures() []figure {
	return []figure{
		{"gradient_check_errors", gradientErrors},
		{"gradient_check_by_layer", gradientByLayer},
		{"epoch16_comparison", epoch16},
		{"bsp_vs_sbp_comparison", bspVersusSBP},
		{"model_averaging_impact", averagingImpact},
		{"runtime_breakdown", runtimeBreakdown},
		{"variance_analysis", varianceAnalysis},
		{"performance_accuracy_tradeoff", tradeoff},
		{"convergence_w2", func(t *results, rows [][]string) (*drawing, error) { return convergence(t, rows, "2") }},
		{"convergence_w4", func(t *results, rows [][]string) (*drawing, error) { return convergence(t, rows, "4") }},
		{"scaling_analysis", scaling},
	}
}

// plot is the command gdml exp plot.
func (c *Command) plot(argv []string) (int, error) {
	set := flagSet()
	dir := set.String("dir", "", "where the figures go (beside the table, figures/)")
	files, err := c.parseMixed(set, argv)
	if err != nil {
		return exitUsage, err
	}
	if *dir == "" {
		*dir = filepath.Join(filepath.Dir(files[0]), "figures")
	}
	t := &results{}
	for _, file := range files {
		next, err := readTable(file)
		if err != nil {
			return exitUsage, err
		}
		if len(next.successful()) == 0 {
			return exitUsage, fmt.Errorf("%s has no rows of successful runs", file)
		}
		t = t.joined(next)
	}
	rows := t.successful()
	if err := os.MkdirAll(*dir, 0o777); err != nil {
		return exitRun, err
	}
	drawn := 0
	for _, f := range figures() {
		d, err := f.draw(t, rows)
		if err != nil {
			return exitRun, fmt.Errorf("%s: %w", f.name, err)
		}
		if d == nil {
			continue
		}
		if err := d.save(*dir, f.name); err != nil {
			return exitRun, err
		}
		drawn++
		fmt.Fprintln(c.Out, filepath.Join(*dir, f.name+".svg"))
	}
	summary := filepath.Join(*dir, "summary_statistics.txt")
	if err := os.WriteFile(summary, t.summary(rows), 0o666); err != nil {
		return exitRun, err
	}
	fmt.Fprintln(c.Out, summary)
	if drawn == 0 {
		return exitRun, errors.New("no figure can be drawn from these columns")
	}
	return exitOK, nil
}

func readTable(file string) (*results, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	t, err := parseTable(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return t, nil
}
