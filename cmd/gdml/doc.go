// Command gdml runs DML scripts and offers an interactive prompt.
//
//	gdml -f script.dml -nvargs X=data.csv      run a script
//	gdml script.dml X=data.csv                 the same, shorter
//	gdml                                       prompt, or run standard input
//	gdml check script.dml                      find what is wrong without running it
//	gdml fmt -w script.dml                     lay it out
//	gdml help sum                              describe a builtin
//
// Standard output carries what print writes and nothing else; messages, plans and
// statistics go to standard error. The exit status is 0 on success, 1 when the
// script failed while running, 2 for wrong use of the command line, 3 when the
// script does not compile, 130 and 143 when interrupted, 70 for a fault of gdml.
package main
