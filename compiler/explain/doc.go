// Package explain writes plans and statistics for people.
//
// HOPs prints the graphs of the compiler, Runtime the instructions that will run,
// Stats and SysDS the times and counts of a run. The plans are a stable text:
// slots are named by their variable or numbered densely, places are line:column,
// and nothing depends on addresses or map order, so that plans can be compared
// and kept as golden files.
//
// The types to know: Run. The package prints and changes nothing.
package explain
