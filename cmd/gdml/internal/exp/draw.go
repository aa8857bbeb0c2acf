package exp

import (
	"fmt"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// most is the number of configurations that a figure shows.
const most = 40

// palette has colours that are told apart without red and green.
func palette(i int) color.Color {
	colors := []color.RGBA{
		{0, 114, 178, 255}, {230, 159, 0, 255}, {0, 158, 115, 255}, {204, 121, 167, 255},
		{86, 180, 233, 255}, {213, 94, 0, 255}, {120, 120, 120, 255}, {0, 0, 0, 255},
	}
	return colors[i%len(colors)]
}

// drawing is a figure: panels side by side.
type drawing struct {
	panels        []*plot.Plot
	width, height vg.Length
}

// listing is a drawing with a line for each of n configurations.
func listing(n int, panels ...*plot.Plot) *drawing {
	return &drawing{panels: panels, width: vg.Length(4+4*len(panels)) * vg.Inch, height: vg.Length(1.3+0.3*float64(n)) * vg.Inch}
}

// save writes the drawing as SVG and PNG.
func (d *drawing) save(dir, name string) error {
	svg := vgsvg.New(d.width, d.height)
	d.on(draw.New(svg))
	if err := writeFile(filepath.Join(dir, name+".svg"), svg); err != nil {
		return err
	}
	img := vgimg.NewWith(vgimg.UseWH(d.width, d.height), vgimg.UseDPI(110))
	d.on(draw.New(img))
	return writeFile(filepath.Join(dir, name+".png"), vgimg.PngCanvas{Canvas: img})
}

func (d *drawing) on(c draw.Canvas) {
	const edge = 4 * vg.Millimeter
	t := draw.Tiles{Rows: 1, Cols: len(d.panels), PadX: 2 * edge, PadTop: edge, PadBottom: edge, PadLeft: edge, PadRight: edge}
	for j, canvas := range plot.Align([][]*plot.Plot{d.panels}, t, c)[0] {
		d.panels[j].Draw(canvas)
	}
}

func writeFile(path string, w io.WriterTo) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = w.WriteTo(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

func panel(title, x, y string) *plot.Plot {
	p := plot.New()
	p.Title.Text, p.X.Label.Text, p.Y.Label.Text = title, x, y
	p.Title.Padding = 2 * vg.Millimeter
	p.BackgroundColor = color.White
	p.Legend.TextStyle.Font.Size = 9
	p.Legend.Padding = vg.Millimeter
	return p
}

// names labels the lines of a listing; the first configuration stands on top.
func names(p *plot.Plot, groups []group, counts []int, show bool) {
	labels := make([]string, len(groups))
	for i, g := range groups {
		if show {
			labels[len(groups)-1-i] = fmt.Sprintf("%s (n=%d)", g.label, counts[i])
		}
	}
	p.NominalY(labels...)
	p.Y.Min, p.Y.Max = -0.5, float64(len(groups))-0.5 // the same in all panels of a listing
}

// intervals are points with errors in both directions.
type intervals struct {
	plotter.XYs
	plotter.XErrors
	plotter.YErrors
}

func (v *intervals) add(x, y, xHalf, yHalf float64) {
	v.between(x, y, xHalf, xHalf, yHalf, yHalf)
}

func (v *intervals) between(x, y, left, right, down, up float64) {
	v.XYs = append(v.XYs, plotter.XY{X: x, Y: y})
	v.XErrors = append(v.XErrors, struct{ Low, High float64 }{left, right})
	v.YErrors = append(v.YErrors, struct{ Low, High float64 }{down, up})
}

// dots adds points with their intervals; the zero interval is not drawn.
func (v *intervals) dots(p *plot.Plot, c color.Color) (*plotter.Scatter, error) {
	s, err := plotter.NewScatter(v.XYs)
	if err != nil {
		return nil, err
	}
	s.GlyphStyle = draw.GlyphStyle{Color: c, Radius: 2.5, Shape: draw.CircleGlyph{}}
	if slices.ContainsFunc(v.XErrors, func(e struct{ Low, High float64 }) bool { return e.Low+e.High > 0 }) {
		bars, err := plotter.NewXErrorBars(v)
		if err != nil {
			return nil, err
		}
		bars.LineStyle.Color = c
		p.Add(bars)
	}
	if slices.ContainsFunc(v.YErrors, func(e struct{ Low, High float64 }) bool { return e.Low+e.High > 0 }) {
		bars, err := plotter.NewYErrorBars(v)
		if err != nil {
			return nil, err
		}
		bars.LineStyle.Color = c
		p.Add(bars)
	}
	p.Add(s)
	return s, nil
}

// bars adds horizontal bars that begin where those of below end, if any.
func bars(p *plot.Plot, values []float64, c color.Color, below *plotter.BarChart) (*plotter.BarChart, error) {
	v := slices.Clone(plotter.Values(values))
	slices.Reverse(v)
	b, err := plotter.NewBarChart(v, 0.16*vg.Inch)
	if err != nil {
		return nil, err
	}
	b.Horizontal, b.Color = true, c
	b.LineStyle.Width = 0
	if below != nil {
		b.StackOn(below)
	}
	p.Add(b)
	return b, nil
}

// column is a panel of estimates of one number, a line for each group: bars from 0, or dots
// where 0 would be far away.
func column(title, x string, groups []group, values [][]float64, asBars, labels bool) (*plot.Plot, error) {
	p := panel(title, x, "")
	p.Add(plotter.NewGrid())
	v, means, counts := &intervals{}, []float64{}, []int{}
	for i := range groups {
		e := estimated(values[i])
		means, counts = append(means, e.mean), append(counts, e.n)
		v.add(e.mean, float64(len(groups)-1-i), e.half, 0)
	}
	dots := palette(0)
	if asBars {
		if _, err := bars(p, means, palette(4), nil); err != nil {
			return nil, err
		}
		dots = color.Black
		p.X.Min = 0
	}
	if _, err := v.dots(p, dots); err != nil {
		return nil, err
	}
	names(p, groups, counts, labels)
	return p, nil
}
