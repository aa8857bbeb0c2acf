package exp

import (
	"fmt"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
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

// drawing is a figure: panels of one width side by side and, at their right, a legend if there is one.
type drawing struct {
	panels        []*plot.Plot
	width, height vg.Length // with the legend
	legend        *plot.Plot
	legendWidth   vg.Length
}

// listing is a drawing with a line for each group, and room for their labels at the left.
func listing(groups []group, panels ...*plot.Plot) *drawing {
	longest := 0
	for _, g := range groups {
		longest = max(longest, len(g.label))
	}
	labels := 0.6*vg.Inch + textWidth(longest)
	return &drawing{panels: panels, width: labels + vg.Length(4.5*float64(len(panels)))*vg.Inch, height: vg.Length(1.4+0.3*float64(len(groups))) * vg.Inch}
}

// textWidth is an upper bound for the width of a label in a listing or, with a factor, in a legend.
func textWidth(characters int) vg.Length { return vg.Length(0.095*float64(characters)) * vg.Inch }

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
	if d.legend != nil {
		d.legend.Draw(draw.Crop(c, d.width-d.legendWidth, 0, edge, -edge))
		c = draw.Crop(c, 0, -d.legendWidth, 0, 0)
	}
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
	for _, f := range []*font.Font{
		&p.Title.TextStyle.Font, &p.X.Label.TextStyle.Font, &p.Y.Label.TextStyle.Font,
		&p.X.Tick.Label.Font, &p.Y.Tick.Label.Font, &p.Legend.TextStyle.Font,
	} {
		f.Variant = "Sans"
	}
	p.X.Tick.Marker, p.Y.Tick.Marker = plainTicks{}, plainTicks{}
	p.X.Label.TextStyle.Font.Size, p.Y.Label.TextStyle.Font.Size = 11, 11
	p.Legend.TextStyle.Font.Size = 9
	p.Legend.Padding = vg.Millimeter
	return p
}

// plainTicks are the usual ones with numbers that are short to read: 1,060,000 and 0.5.
type plainTicks struct{}

func (plainTicks) Ticks(low, high float64) []plot.Tick {
	ticks := plot.DefaultTicks{}.Ticks(low, high)
	for i, t := range ticks {
		if t.Label != "" {
			ticks[i].Label = grouped(t.Value)
		}
	}
	return ticks
}

// grouped writes a number, of which nine significant digits count, with commas between thousands.
func grouped(v float64) string {
	text := strconv.FormatFloat(v, 'g', 9, 64)
	if strings.Contains(text, "e") {
		return text
	}
	whole, rest, fraction := strings.Cut(text, ".")
	if rest = strings.TrimRight(rest, "0"); fraction && rest != "" {
		rest = "." + rest
	}
	for i := len(whole) - 3; i > 0 && whole[i-1] != '-'; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	return whole + rest
}

// widened leaves some room at both ends of a linear axis, or at its end only when it begins at 0.
func widened(a *plot.Axis) {
	room := 0.04 * (a.Max - a.Min)
	if a.Min != 0 {
		a.Min -= room
	}
	a.Max += room
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

// some returns about n of the points, evenly spread, with the last one.
func (v *intervals) some(n int) *intervals {
	out := &intervals{}
	last := len(v.XYs) - 1
	step := max(1, (last+n-1)/n)
	for i := last % step; i <= last; i += step {
		out.XYs, out.XErrors, out.YErrors = append(out.XYs, v.XYs[i]), append(out.XErrors, v.XErrors[i]), append(out.YErrors, v.YErrors[i])
	}
	return out
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
	widened(&p.X)
	return p, nil
}
