package exp

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// leastError stands for errors of 0 on logarithmic axes.
const leastError = 1e-17

// layers returns the relative errors of gradient checks by layer, from 1.
func (t *results) layers(rows [][]string) [][]float64 {
	var out [][]float64
	for _, r := range t.having(rows, "LAYER", "rel_err") {
		layer, _ := t.number(r, "LAYER")
		v, _ := t.number(r, "rel_err")
		i := int(layer)
		if i < 1 || i > 1000 {
			continue
		}
		for len(out) < i {
			out = append(out, nil)
		}
		out[i-1] = append(out[i-1], max(v, leastError))
	}
	return out
}

// layerPanel is a plot with layers at the bottom and a logarithmic axis of errors.
func layerPanel(title string, layers [][]float64) *plot.Plot {
	p := panel(title, "layer", "relative error")
	p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	labels := make([]string, len(layers))
	for i, v := range layers {
		labels[i] = fmt.Sprintf("%d (n=%d)", i+1, len(v))
	}
	p.NominalX(labels...)
	return p
}

func gradientErrors(t *results, rows [][]string) (*drawing, error) {
	layers := t.layers(rows)
	if len(layers) == 0 {
		return nil, nil
	}
	p := layerPanel("Gradient checks: every cell; mean of the logarithms with its 95 % interval", layers)
	points, means := plotter.XYs{}, &intervals{}
	for i, errors := range layers {
		var logs []float64
		for k, e := range errors {
			points = append(points, plotter.XY{X: float64(i) - 0.25 + 0.2*float64(k)/float64(len(errors)), Y: e})
			logs = append(logs, math.Log(e))
		}
		if e := estimated(logs); e.n > 0 {
			mid := math.Exp(e.mean)
			means.between(float64(i)+0.1, mid, 0, 0, mid-math.Exp(e.mean-e.half), math.Exp(e.mean+e.half)-mid)
		}
	}
	s, err := plotter.NewScatter(points)
	if err != nil {
		return nil, err
	}
	s.GlyphStyle = draw.GlyphStyle{Color: palette(0), Radius: 2, Shape: draw.CircleGlyph{}}
	p.Add(s)
	if _, err := means.dots(p, palette(5)); err != nil {
		return nil, err
	}
	p.Y.Min, p.Y.Max = p.Y.Min/1.5, p.Y.Max*1.5 // so that no point lies on an edge
	return &drawing{panels: []*plot.Plot{p}, width: 9 * vg.Inch, height: 4.5 * vg.Inch}, nil
}

func gradientByLayer(t *results, rows [][]string) (*drawing, error) {
	layers := t.layers(rows)
	if len(layers) == 0 {
		return nil, nil
	}
	p := layerPanel("Gradient checks by layer: quartiles, and the median's 95 % interval", layers)
	medians := &intervals{}
	for i, errors := range layers {
		if len(errors) == 0 {
			continue
		}
		b, err := plotter.NewBoxPlot(0.35*vg.Inch, float64(i), plotter.Values(errors))
		if err != nil {
			return nil, err
		}
		b.FillColor = color.RGBA{200, 225, 240, 255}
		p.Add(b)
		if low, high, ok := medianInterval(errors); ok {
			medians.between(float64(i)+0.32, b.Median, 0, 0, b.Median-low, high-b.Median)
		}
	}
	if len(medians.XYs) > 0 {
		if _, err := medians.dots(p, palette(5)); err != nil {
			return nil, err
		}
	}
	p.Y.Min, p.Y.Max = p.Y.Min/1.5, p.Y.Max*1.5
	return &drawing{panels: []*plot.Plot{p}, width: 9 * vg.Inch, height: 4.5 * vg.Inch}, nil
}

// medianInterval is an interval between two values that covers the median with at least
// 95 %, by the binomial distribution; fewer than six values have none.
func medianInterval(values []float64) (low, high float64, ok bool) {
	n := len(values)
	if n < 6 {
		return 0, 0, false
	}
	s := slices.Clone(values)
	slices.Sort(s)
	below, term, k := 0.0, math.Pow(0.5, float64(n)), 0 // chance that fewer than k+1 values lie below the median
	for below+term <= 0.025 {
		below += term
		k++
		term *= float64(n-k+1) / float64(k)
	}
	return s[k-1], s[n-k], true
}

// curve reads a history: objectives by epoch, as shares of that at epoch 0.
func curve(history string) map[int]float64 {
	out := map[int]float64{}
	for _, part := range strings.Fields(history) {
		epoch, value, _ := strings.Cut(part, ":")
		e, err := strconv.Atoi(epoch)
		if v, ok := parsed(value); ok && err == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
			out[e] = v
		}
	}
	first := out[0]
	if !(first > 0) {
		return nil
	}
	for e := range out {
		out[e] /= first
	}
	return out
}

// convergence draws the objective after every epoch of runs with this number of workers,
// and of runs without a parameter server. Of equal configurations with different numbers of
// epochs only the longest is drawn: the others are its beginning.
func convergence(t *results, rows [][]string, workers string) (*drawing, error) {
	var of [][]string
	some := false
	for _, r := range rows {
		mine := t.text(r, "METHOD") != "DEFAULTSERVER" && t.text(r, "WORKERS") == workers
		if len(curve(t.text(r, "history"))) > 1 && (mine || t.text(r, "METHOD") == "DEFAULTSERVER") {
			of = append(of, r)
			some = some || mine
		}
	}
	if !some {
		return nil, nil
	}
	groups, title := shown("Objective with "+workers+" workers", t.groups(of, "EPOCH"))
	p := panel(title, "epoch (curves are set apart)", "share of the objective before training, 95 % interval")
	p.Add(plotter.NewGrid())
	var legend entries
	for i, g := range groups {
		v, n := t.averageCurve(g.rows)
		for k := range v.XYs {
			v.XYs[k].X += min(apart, 0.9/float64(len(groups))) * (float64(i) - float64(len(groups)-1)/2)
		}
		l, err := plotter.NewLine(v.XYs)
		if err != nil {
			return nil, err
		}
		l.LineStyle.Color, l.LineStyle.Width = palette(i), 1.2
		if i >= 8 {
			l.LineStyle.Dashes = []vg.Length{4, 2}
		}
		p.Add(l)
		if _, err := v.some(6).dots(p, palette(i)); err != nil {
			return nil, err
		}
		legend.add(p, l, "%s (n=%d)", g.label, n)
	}
	widened(&p.X)
	widened(&p.Y)
	return beside(legend.n, legend.longest, p), nil
}

// apart is how many epochs curves are moved sideways from each other, so that equal ones are all seen.
const apart = 0.1

// averageCurve returns the mean over the longest runs, and their number.
func (t *results) averageCurve(rows [][]string) (*intervals, int) {
	var longest []map[int]float64
	length := 0
	for _, r := range rows {
		c := curve(t.text(r, "history"))
		if len(c) > length {
			length, longest = len(c), nil
		}
		if len(c) == length {
			longest = append(longest, c)
		}
	}
	var epochs []int
	for e := range longest[0] {
		epochs = append(epochs, e)
	}
	slices.Sort(epochs)
	v := &intervals{}
	for _, e := range epochs {
		var values []float64
		for _, c := range longest {
			if x, ok := c[e]; ok {
				values = append(values, x)
			}
		}
		m := estimated(values)
		v.add(float64(e), m.mean, 0, m.half)
	}
	return v, len(longest)
}

// scaling draws time and objective against the number of rows of generated data, with 95 %
// intervals of the means of logarithms.
func scaling(t *results, rows [][]string) (*drawing, error) {
	rows = t.having(rows, "data.rows", "exec_s", "obj_after")
	rows = slices.DeleteFunc(rows, func(r []string) bool {
		s, _ := t.number(r, "exec_s")
		o, _ := t.number(r, "obj_after")
		return !(s > 0 && o > 0)
	})
	if len(rows) == 0 {
		return nil, nil
	}
	var sized [][]string
	for _, g := range t.groups(rows, "data.rows") {
		if len(t.groups(g.rows)) > 1 {
			sized = append(sized, g.rows...)
		}
	}
	if sized == nil {
		return nil, nil
	}
	groups := t.groups(sized, "data.rows") // with labels that tell these apart
	groups, title := shown("Time to execute", groups)
	left, right := panel(title, "rows", "seconds"), panel("Objective after training", "rows", "objective")
	var legend entries
	for i, g := range groups {
		seconds, s, err := t.scalingLine(left, g, "exec_s", i)
		if err != nil {
			return nil, err
		}
		objective, _, err := t.scalingLine(right, g, "obj_after", i)
		if err != nil {
			return nil, err
		}
		legend.add(left, s, "%s (n=%d): time N^%.2f, objective N^%.2f", g.label, len(g.rows), seconds, objective)
	}
	for _, p := range []*plot.Plot{left, right} {
		p.Add(plotter.NewGrid())
		p.X.Scale, p.X.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
		p.Y.Scale, p.Y.Tick.Marker = plot.LogScale{}, plot.LogTicks{Prec: -1}
	}
	return beside(legend.n, legend.longest, left, right), nil
}

// scalingLine draws one configuration: means of logarithms, which suit the axes, with their
// 95 % intervals. It returns the fitted exponent.
func (t *results) scalingLine(p *plot.Plot, g group, name string, i int) (float64, *plotter.Scatter, error) {
	v := &intervals{}
	var x, y []float64
	for _, size := range t.groups(g.rows) {
		rows, _ := t.number(size.rows[0], "data.rows")
		logs := t.numbers(size.rows, name)
		for k := range logs {
			logs[k] = math.Log(logs[k])
		}
		e := estimated(logs)
		mid := math.Exp(e.mean)
		v.between(rows, mid, 0, 0, mid-math.Exp(e.mean-e.half), math.Exp(e.mean+e.half)-mid)
		x, y = append(x, rows), append(y, mid)
	}
	s, err := v.dots(p, palette(i))
	if err != nil {
		return 0, nil, err
	}
	l, err := plotter.NewLine(v.XYs)
	if err != nil {
		return 0, nil, err
	}
	l.LineStyle.Color = palette(i)
	p.Add(l)
	return exponent(x, y), s, nil
}
