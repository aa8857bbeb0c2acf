// Package tests holds what is tested across packages: script archives run in every
// configuration, the command line, the language's conformance suite, and the layer
// rule of the source tree.
package tests
