package paramserv

import (
	"fmt"
	"slices"
	"strings"
)

// Check returns everything that is wrong with c, nil when it can be run.
func (c *Config) Check() []error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if strategyNamed(c.UType) == nil {
		bad("unknown utype %q: it is one of %s", c.UType, strings.Join(StrategyNames(), ", "))
	}
	if !slices.Contains(Freqs(), c.Freq) {
		bad("unknown freq %q: it is one of %s", c.Freq, strings.Join(Freqs(), ", "))
	}
	if schemeNamed(c.Scheme) == nil {
		bad("unknown scheme %q: it is one of %s", c.Scheme, strings.Join(SchemeNames(), ", "))
	}
	if c.Freq == "NBATCHES" && c.NBatches < 1 {
		bad("nbatches must be at least 1, not %d", c.NBatches)
	}
	if c.Epochs < 1 {
		bad("epochs must be at least 1, not %d", c.Epochs)
	}
	if c.BatchSize < 1 {
		bad("batchsize must be at least 1, not %d", c.BatchSize)
	}
	if c.Workers < 0 {
		bad("k must be at least 1, not %d", c.Workers)
	}
	if c.Alpha != nil && !(*c.Alpha >= 0 && *c.Alpha <= 1) {
		bad("alpha must lie between 0 and 1, not %v", *c.Alpha)
	}
	c.checkOptions(bad)
	return append(errs, c.checkData()...)
}

// CheckOptions returns what is wrong with the words and numbers that go beyond the core
// parameters, and with how they go together. It looks at no data.
func (c *Config) CheckOptions() []error {
	var errs []error
	c.checkOptions(func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) })
	return errs
}

func (c *Config) checkOptions(bad func(format string, args ...any)) {
	for _, n := range []struct {
		name  string
		value int
	}{{"staleness", c.Staleness}, {"retries", c.Retries}, {"servers", c.Servers}} {
		if n.value < 0 {
			bad("%s must not be negative, but it is %d", n.name, n.value)
		}
	}
	if c.Imbalance != "" && !slices.Contains(Imbalances(), c.Imbalance) {
		bad("unknown imbalance %q: it is one of %s", c.Imbalance, strings.Join(Imbalances(), ", "))
	}
	if c.Reshuffle && c.Scheme != "OVERLAP_RESHUFFLE" {
		bad("reshuffle=TRUE needs scheme=\"OVERLAP_RESHUFFLE\": other schemes keep the order of rows")
	}
	c.Checkpoint.check(bad)
	s := strategyNamed(c.UType)
	if s == nil {
		return
	}
	models := c.ModelAvg || s.Models
	if c.Weighting && !(c.ModelAvg && s.Rounds(c)) {
		bad("weighting applies to the average of a round of models: it needs modelAvg=TRUE and a utype that waits for rounds, such as BSP")
	}
	if c.Compress.Kind != NoCompression && models {
		bad("compress is for gradients: it cannot be used where models are pushed")
	}
	if c.Servers > 1 && models {
		bad("servers is for models that agg updates: averages need no more than one")
	}
	if s.Check != nil {
		s.Check(c, bad)
	}
}

func (c *Config) checkData() []error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	if err := checkModel(c.Model); err != nil {
		errs = append(errs, err)
	}
	switch {
	case c.X == nil || c.Y == nil:
		bad("features and labels are both needed")
	case c.X.Rows() == 0:
		bad("features has no rows")
	case c.X.Rows() != c.Y.Rows():
		bad("features has %d rows, but labels has %d", c.X.Rows(), c.Y.Rows())
	}
	switch {
	case (c.ValX == nil) != (c.ValY == nil):
		bad("val_features and val_labels are needed together")
	case c.ValX != nil && c.ValX.Rows() != c.ValY.Rows():
		bad("val_features has %d rows, but val_labels has %d", c.ValX.Rows(), c.ValY.Rows())
	}
	return errs
}
