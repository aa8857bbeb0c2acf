//go:build !noasm

package par

// pause does nothing for a fraction of a microsecond and tells the core that it is spinning.
func pause()
