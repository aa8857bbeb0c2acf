package builtins_test

import (
	"strings"
	"testing"

	"gdml/builtins"
)

// reference lists the builtins of the reference implementation that have no DML body (builtin
// reference, part D.1). ifdef is not among them: it is syntax.
const reference = `
	abs acos aggregate applySchema as.double as.frame as.integer as.list as.logical as.matrix as.scalar asin
	assert atan autoDiff avg_pool avg_pool_backward batch_norm2d batch_norm2d_backward bias_add bias_multiply
	bitwAnd bitwOr bitwShiftL bitwShiftR bitwXor cbind cdf ceil cholesky colCountDistinct colCountDistinctApprox
	colMaxs colMeans colMins colnames colProds colSds colSums colVars compress contains conv2d
	conv2d_backward_data conv2d_backward_filter cos cosh countDistinct countDistinctApprox cov cummax cummin
	cumprod cumsum cumsumprod decompress det detectSchema diag dropInvalidLength dropInvalidType eigen einsum
	eval evalList exists exp federated fft fft_linearized floor frame freplicate getCategoricalMask icdf ifelse
	ifft ifft_linearized interQuantile interQuartileMean inv is.infinite is.na is.nan length lineage list local
	log lower.tri lstm lstm_backward lu map matrix max max_pool max_pool_backward mean median min moment ncol
	nrow order outer paramserv pchisq pexp pf pnorm ppred print prod pt qchisq qexp qf qnorm qr qt quantile
	quantize_compress rand range rbind read readMM remove removeEmpty replace rev roll round rowClassMeet
	rowCountDistinct rowCountDistinctApprox rowcumsum rowIndexMax rowIndexMin rowMaxs rowMeans rowMins rowProds
	rowSds rowSums rowVars sample sd seq sign sin sinh solve sql sqrt sqrtMatrixJava stft stop sum svd t table
	tan tanh tensor time tokenize toString trace transformapply transformcolmap transformdecode transformencode
	transformmeta typeof unique upper.tri valueSwap var write xor
`

// aliases are their other names (builtin reference §1).
const aliases = "append ceiling inverse isNA isNaN isInf pmax pmin avg centralMoment ctable tr groupedAggregate rcm as.boolean Rand"

// missing are the ones of them that gdml does not have.
var missing = map[string]bool{"autoDiff": true, "federated": true, "range": true, "sql": true, "transformmeta": true}

// TestReferenceNames: every builtin of the reference implementation is there, or is refused with a reason.
func TestReferenceNames(t *testing.T) {
	tab := builtins.New()
	for _, name := range strings.Fields(reference + aliases) {
		_, found := tab.Lookup(name)
		why, _, excluded := tab.Excluded(name)
		switch {
		case found == missing[name]:
			t.Errorf("%s: found %v", name, found)
		case found && excluded:
			t.Errorf("%s is both offered and excluded", name)
		case excluded != missing[name]:
			t.Errorf("%s is not there and nothing tells why", name)
		case excluded && !strings.HasPrefix(why, name+": "):
			t.Errorf("the reason for %s does not name it: %s", name, why)
		}
	}
	for name := range missing {
		script := "x = " + name + "(matrix(1, 2, 2))"
		if _, err := run(script, 0); err == nil || !strings.HasPrefix(err.Error(), "E0213 "+name+": ") {
			t.Errorf("%s: %v", script, err)
		}
	}
}
