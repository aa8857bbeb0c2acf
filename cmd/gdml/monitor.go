package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"time"
)

const (
	sampleEvery  = 500 * time.Millisecond
	pollEvery    = 200 * time.Millisecond // how often a stream looks for news
	streamChunk  = 512                    // items that a stream takes at once
	writeTimeout = 5 * time.Second        // after which a reader is given up
	closeTimeout = time.Second
)

//go:embed monitor.html
var monitorPage []byte

// monitor serves what a follower knows, as long as a run lasts. Streams look for news in
// their own time and skip what is no longer kept, so that no reader holds up training.
type monitor struct {
	f     *follower
	ln    net.Listener
	srv   *http.Server
	done  chan struct{}  // closed when the run has ended
	group sync.WaitGroup // of the server and its requests
}

// monitorAddress returns where to listen. Without a host that is this machine only.
func monitorAddress(v string) (string, error) {
	host, port, err := net.SplitHostPort(v)
	if err != nil || port == "" {
		return "", usagef("-monitor: %q is not HOST:PORT, such as 127.0.0.1:8080 or :8080", v)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return "", usagef("-monitor: %q is not a port", port)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port), nil
}

// startMonitor begins to serve at addr.
func startMonitor(addr string, f *follower) (*monitor, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, usagef("-monitor: %v", err)
	}
	m := &monitor{f: f, ln: ln, done: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", m.page)
	mux.HandleFunc("GET /stream", m.stream)
	mux.HandleFunc("GET /events", m.events)
	mux.HandleFunc("GET /metrics", m.metrics)
	m.srv = &http.Server{Handler: m.guard(mux), ReadHeaderTimeout: writeTimeout}
	m.group.Go(func() { m.srv.Serve(ln) }) // ends with ErrServerClosed; anything else leaves a run without its page
	return m, nil
}

// url returns the address of the page.
func (m *monitor) url() string { return "http://" + m.ln.Addr().String() + "/" }

// public reports whether other machines may read the page.
func (m *monitor) public() bool {
	a, ok := m.ln.Addr().(*net.TCPAddr)
	return ok && !a.IP.IsLoopback()
}

// close tells readers that the run is over and ends the server with all its goroutines.
func (m *monitor) close() {
	close(m.done)
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if m.srv.Shutdown(ctx) != nil {
		m.srv.Close()
	}
	m.group.Wait()
}

// guard counts requests, and refuses those for another host: a page from elsewhere must not
// read a server of this machine through a name that it resolves to it.
func (m *monitor) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.group.Add(1)
		defer m.group.Done()
		if !m.public() && !loopbackHost(r.Host) {
			http.Error(w, "this server is for its own machine", http.StatusForbidden)
			return
		}
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		next.ServeHTTP(w, r)
	})
}

func loopbackHost(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

func (m *monitor) page(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:")
	w.Write(monitorPage)
}

// stream sends server-sent events: "event" for all but pushes and updates, "sample" for the
// state of calls, and "bye" when the run is over. It begins with what is kept of the past.
func (m *monitor) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	mark, taken := 0, 0
	m.serve(w, r, func(out io.Writer) (more bool, err error) {
		m.f.mu.Lock()
		marks, nextMark, _ := m.f.marks.from(mark, streamChunk)
		moments, nextSample, _ := m.f.samples.from(taken, streamChunk)
		m.f.mu.Unlock()
		mark, taken = nextMark, nextSample
		for _, e := range marks {
			if err := sse(out, "event", e); err != nil {
				return false, err
			}
		}
		for _, s := range moments {
			if err := sse(out, "sample", s); err != nil {
				return false, err
			}
		}
		return len(marks) == streamChunk || len(moments) == streamChunk, nil
	}, "event: bye\ndata: {}\n\n")
}

func sse(w io.Writer, kind string, data any) error {
	b, err := json.Marshal(data)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", kind, b)
	return err
}

// events sends every event as a line of JSON. Where a reader was too slow a line
// {"event":"missed","events":n} stands for what it has missed.
func (m *monitor) events(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	at := 0
	m.serve(w, r, func(out io.Writer) (bool, error) {
		m.f.mu.Lock()
		events, next, missed := m.f.events.from(at, streamChunk)
		m.f.mu.Unlock()
		at = next
		if missed > 0 {
			fmt.Fprintf(out, "{\"event\":\"missed\",\"events\":%d}\n", missed)
		}
		enc := json.NewEncoder(out)
		for _, e := range events {
			if err := enc.Encode(e); err != nil {
				return false, err
			}
		}
		return len(events) == streamChunk, nil
	}, "")
}

// serve calls send for as long as the run and the reader last: again at once when there is
// more, else after a while, and once more when the run has ended. Then it sends bye.
func (m *monitor) serve(w http.ResponseWriter, r *http.Request, send func(io.Writer) (more bool, err error), bye string) {
	rc := http.NewResponseController(w)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for last := false; ; {
		rc.SetWriteDeadline(time.Now().Add(writeTimeout)) // of a network connection: cannot fail while it is open
		more, err := send(w)
		if err != nil || rc.Flush() != nil {
			return
		}
		switch {
		case more:
			continue
		case last:
			io.WriteString(w, bye)
			return
		}
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		case <-m.done:
			last = true
		}
	}
}
