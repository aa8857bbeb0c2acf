//go:build poison

package matrix

// poison makes released buffers hold NaN, so that a use after release shows in results. Set by the build tag "poison".
const poison = true
