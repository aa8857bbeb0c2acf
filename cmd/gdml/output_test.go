package main

import (
	"bufio"
	"io"
	"testing"
	"time"
)

// A line reaches a pipe although nothing follows it, and the last flush has nothing left to do.
func TestOutputDoesNotWaitForMore(t *testing.T) {
	r, w := io.Pipe()
	out := &output{w: bufio.NewWriter(w)}
	line := make(chan string)
	go func() {
		b := make([]byte, 16)
		n, _ := r.Read(b)
		line <- string(b[:n])
	}()
	if _, err := out.Write([]byte("epoch 1\n")); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-line:
		if got != "epoch 1\n" {
			t.Errorf("got %q", got)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("the line stays in the buffer")
	}
	if err := out.Flush(); err != nil {
		t.Error(err)
	}
}
