package matrix

import "fmt"

// SizeError reports operands whose dimensions do not fit.
type SizeError struct{ msg string }

func (e *SizeError) Error() string { return e.msg }

// SizeErrorf returns the SizeError of a door in another package.
func SizeErrorf(format string, args ...any) error { return sizeErrorf(format, args...) }

func sizeErrorf(format string, args ...any) error {
	return &SizeError{fmt.Sprintf(format, args...)}
}
