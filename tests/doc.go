// Package tests holds what is tested across packages: script archives run in every
// configuration, the command line, the language's conformance suite, and the layer
// rule of the source tree.
//
// Some tests compare with Apache SystemDS 3.3 where it is installed:
// GDML_SYSTEMDS_SCRIPTS names its scripts directory, whose library functions are then
// run unmodified against recorded output (library/), and GDML_SYSTEMDS a launcher that
// takes -f FILE, with which package tests/fuzz compares generated programs.
package tests
