package format

import "bytes"

// bom is the byte order mark of UTF-8, which some programs put at the start of a text file.
var bom = []byte{0xEF, 0xBB, 0xBF}

// clean strips the byte order mark of a text and turns lone CRs into line ends, so
// that every line ends with LF, perhaps after a CR. Offsets in lines stay what they are.
func clean(data []byte) []byte {
	data = bytes.TrimPrefix(data, bom)
	lone := false
	for i := bytes.IndexByte(data, '\r'); i >= 0 && !lone; {
		lone = i+1 < len(data) && data[i+1] != '\n'
		next := bytes.IndexByte(data[i+1:], '\r')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	if !lone {
		return data
	}
	out := bytes.Clone(data)
	for i, c := range out {
		if c == '\r' && i+1 < len(out) && out[i+1] != '\n' {
			out[i] = '\n'
		}
	}
	return out
}

// nextLine splits data after its first line, which is returned without its end.
func nextLine(data []byte) (line, rest []byte) {
	if i := bytes.IndexByte(data, '\n'); i >= 0 {
		line, rest = data[:i], data[i+1:]
	} else {
		line = data
	}
	if n := len(line); n > 0 && line[n-1] == '\r' {
		line = line[:n-1]
	}
	return line, rest
}

// countLines returns the number of lines of data; a last line without an end counts.
func countLines(data []byte) int {
	n := bytes.Count(data, []byte{'\n'})
	if len(data) > 0 && data[len(data)-1] != '\n' {
		n++
	}
	return n
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// nextField returns the start and end of the first run of non-blanks of line at or after i; lo is len(line) when there is none.
func nextField(line []byte, i int) (lo, hi int) {
	for i < len(line) && isBlank(line[i]) {
		i++
	}
	lo = i
	for i < len(line) && !isBlank(line[i]) {
		i++
	}
	return lo, i
}

// chunk is a run of whole lines of a part.
type chunk struct {
	part  *Part
	data  []byte
	line  int // number of the first line, 1-based
	row   int // number of data rows before it
	lines int
}

// chunkBytes is the size of a chunk of a parallel parse. Results do not depend on it.
const chunkBytes = 1 << 20

// chunks cuts the data of p, whose first line has number line, at line ends.
func chunks(p *Part, data []byte, line int) []chunk {
	var out []chunk
	for len(data) > 0 {
		n := min(chunkBytes, len(data))
		if n < len(data) {
			if i := bytes.IndexByte(data[n:], '\n'); i >= 0 {
				n += i + 1
			} else {
				n = len(data)
			}
		}
		c := chunk{part: p, data: data[:n], line: line}
		c.lines = countLines(c.data)
		line += c.lines
		out = append(out, c)
		data = data[n:]
	}
	return out
}
