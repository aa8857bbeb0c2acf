package exp

import (
	"fmt"
	"image/color"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// shown cuts a list of groups to what a figure can show and says so in its title.
func shown(title string, groups []group) ([]group, string) {
	if len(groups) <= most {
		return groups, title
	}
	return groups[:most], fmt.Sprintf("%s (the first %d of %d)", title, most, len(groups))
}

// column returns the numbers of every group.
func (t *results) column(groups []group, name string, factor float64) [][]float64 {
	out := make([][]float64, len(groups))
	for i, g := range groups {
		for _, v := range t.numbers(g.rows, name) {
			out[i] = append(out[i], factor*v)
		}
	}
	return out
}

// twoColumns draws a number as dots and the wall time as bars beside it.
func (t *results) twoColumns(rows [][]string, title, label, name string, factor float64) (*drawing, error) {
	groups, title := shown(title, t.groups(rows))
	left, err := column(title, label, groups, t.column(groups, name, factor), false, true)
	if err != nil {
		return nil, err
	}
	right, err := column("Wall time", "seconds, 95 % interval", groups, t.column(groups, "wall_s", 1), true, false)
	if err != nil {
		return nil, err
	}
	return listing(groups, left, right), nil
}

func epoch16(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "obj_after", "wall_s")
	rows = slices.DeleteFunc(rows, func(r []string) bool { return t.text(r, "EPOCH") != "16" })
	if len(rows) == 0 {
		return nil, nil
	}
	return t.twoColumns(rows, "Objective after 16 epochs", "objective, 95 % interval", "obj_after", 1)
}

func bspVersusSBP(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "rel_drop", "wall_s", "WORKERS")
	rows = slices.DeleteFunc(rows, func(r []string) bool { return !slices.Contains([]string{"BSP", "SBP"}, t.text(r, "UTYPE")) })
	has := func(u string) bool {
		return slices.ContainsFunc(rows, func(r []string) bool { return t.text(r, "UTYPE") == u })
	}
	if !has("BSP") || !has("SBP") {
		return nil, nil
	}
	return t.twoColumns(rows, "All workers (BSP) and the first K (SBP)", "drop of the objective in %, 95 % interval", "rel_drop", 100)
}

// averagingImpact compares, in pairs of equal seed and configuration, runs with and without
// averaging of models.
func averagingImpact(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "obj_before", "obj_after")
	var groups []group
	var values [][]float64
	if len(rows) > 0 {
		for _, g := range t.groups(rows, "MODELAVG") {
			after := map[string]float64{} // objectives with averaging by seed
			for _, r := range g.rows {
				if t.text(r, "MODELAVG") == "TRUE" {
					after[t.text(r, "seed")], _ = t.number(r, "obj_after")
				}
			}
			var v []float64
			for _, r := range g.rows {
				with, ok := after[t.text(r, "seed")]
				if ok && t.text(r, "MODELAVG") == "FALSE" {
					without, _ := t.number(r, "obj_after")
					before, _ := t.number(r, "obj_before")
					v = append(v, 100*(with-without)/before)
				}
			}
			if len(v) > 0 {
				groups, values = append(groups, g), append(values, v)
			}
		}
	}
	if len(groups) == 0 {
		return nil, nil
	}
	groups, title := shown("Averaging of models: with minus without", groups)
	p, err := column(title, "% of the first objective, in pairs, 95 % interval", groups, values, false, true)
	if err != nil {
		return nil, err
	}
	p.X.Min, p.X.Max = min(p.X.Min, 0), max(p.X.Max, 0)
	return listing(groups, p), nil
}

func runtimeBreakdown(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "startup_s", "compile_s", "exec_s", "wall_s")
	if len(rows) == 0 {
		return nil, nil
	}
	groups, title := shown("Where the time goes", t.groups(rows))
	p := panel(title, "seconds, 95 % interval of the sum", "")
	p.Add(plotter.NewGrid())
	var below *plotter.BarChart
	for i, name := range []string{"startup_s", "compile_s", "exec_s"} {
		var means []float64
		for _, v := range t.column(groups, name, 1) {
			means = append(means, estimated(v).mean)
		}
		b, err := bars(p, means, palette(i), below)
		if err != nil {
			return nil, err
		}
		p.Legend.Add([]string{"start", "compile", "execute"}[i], b)
		below = b
	}
	v, counts := &intervals{}, []int{}
	for i, wall := range t.column(groups, "wall_s", 1) {
		e := estimated(wall)
		counts = append(counts, e.n)
		v.add(e.mean, float64(len(groups)-1-i), e.half, 0)
	}
	if _, err := v.dots(p, color.Black); err != nil {
		return nil, err
	}
	names(p, groups, counts, true)
	p.X.Min, p.X.Max = 0, 1.3*p.X.Max // room for the legend
	p.Legend.Top = true
	return listing(groups, p), nil
}

func varianceAnalysis(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "obj_after")
	if len(rows) == 0 {
		return nil, nil
	}
	groups := slices.DeleteFunc(t.groups(rows), func(g group) bool { return len(g.rows) < 2 })
	if len(groups) == 0 {
		return nil, nil
	}
	groups, title := shown("How much repeats differ: standard deviation, 95 % interval", groups)
	p := panel(title, "deviation of the objective in % of its mean", "")
	p.Add(plotter.NewGrid())
	v, counts := &intervals{}, []int{}
	for i, values := range t.column(groups, "obj_after", 1) {
		e := estimated(values)
		low, high := sdInterval(e.sd, e.n)
		scale := 100 / e.mean
		v.between(scale*e.sd, float64(len(groups)-1-i), scale*(e.sd-low), scale*(high-e.sd), 0, 0)
		counts = append(counts, e.n)
	}
	if _, err := v.dots(p, palette(0)); err != nil {
		return nil, err
	}
	p.X.Min = 0
	widened(&p.X)
	names(p, groups, counts, true)
	return listing(groups, p), nil
}

func tradeoff(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "obj_after", "wall_s")
	if len(rows) == 0 {
		return nil, nil
	}
	groups, title := shown("Time and quality", t.groups(rows))
	p := panel(title, "wall time in seconds", "objective, 95 % intervals")
	p.Add(plotter.NewGrid())
	wall, obj := t.column(groups, "wall_s", 1), t.column(groups, "obj_after", 1)
	var legend entries
	for i, g := range groups {
		x, y := estimated(wall[i]), estimated(obj[i])
		v := &intervals{}
		v.add(x.mean, y.mean, x.half, y.half)
		s, err := v.dots(p, palette(i))
		if err != nil {
			return nil, err
		}
		s.GlyphStyle.Shape = glyph(i)
		s.GlyphStyle.Radius = 3.5
		legend.add(p, s, "%s (n=%d)", g.label, x.n)
	}
	widened(&p.X)
	widened(&p.Y)
	return beside(legend.n, legend.longest, p), nil
}

// glyph changes when the palette has been used up.
func glyph(i int) draw.GlyphDrawer {
	shapes := []draw.GlyphDrawer{draw.CircleGlyph{}, draw.BoxGlyph{}, draw.TriangleGlyph{}, draw.CrossGlyph{}, draw.PlusGlyph{}}
	return shapes[i/8%len(shapes)]
}

// beside moves the legend of the first plot to the right of all. longest is the number of characters of its longest entry.
func beside(entries, longest int, panels ...*plot.Plot) *drawing {
	side := plot.New()
	side.HideAxes()
	side.BackgroundColor = color.White
	side.Legend, panels[0].Legend = panels[0].Legend, plot.NewLegend()
	side.Legend.Top, side.Legend.Left = true, true
	width := vg.Inch + 0.8*textWidth(longest)
	return &drawing{
		panels: panels, width: vg.Length(6.5*float64(len(panels)))*vg.Inch + width, height: max(4.5, vg.Length(0.6+0.19*float64(entries))) * vg.Inch,
		legend: side, legendWidth: width,
	}
}

// entries adds texts to a legend and notes the longest.
type entries struct {
	n, longest int
}

func (e *entries) add(p *plot.Plot, mark plot.Thumbnailer, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	e.n, e.longest = e.n+1, max(e.longest, len(text))
	p.Legend.Add(text, mark)
}
