package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"gdml/paramserv"
)

func TestRing(t *testing.T) {
	r := newRing[int](4)
	for i := range 10 {
		r.put(i)
	}
	tests := []struct {
		from, limit  int
		want         []int
		next, missed int
	}{
		{0, 9, []int{6, 7, 8, 9}, 10, 6}, {0, 2, []int{6, 7}, 8, 6}, {8, 9, []int{8, 9}, 10, 0}, {10, 9, nil, 10, 0},
	}
	for _, tt := range tests {
		items, next, missed := r.from(tt.from, tt.limit)
		if !slices.Equal(items, tt.want) || next != tt.next || missed != tt.missed {
			t.Errorf("from(%d, %d) = %v, %d, %d; want %v, %d, %d", tt.from, tt.limit, items, next, missed, tt.want, tt.next, tt.missed)
		}
	}
}

func TestMonitorAddress(t *testing.T) {
	for in, want := range map[string]string{
		":8080": "127.0.0.1:8080", "127.0.0.1:0": "127.0.0.1:0", "0.0.0.0:80": "0.0.0.0:80", "[::1]:9": "[::1]:9",
		"8080": "is not HOST:PORT", "host:": "is not HOST:PORT", "": "is not HOST:PORT", ":99999": "is not a port", ":no-such": "is not a port",
	} {
		got, err := monitorAddress(in)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, want) {
			t.Errorf("monitorAddress(%q) = %s; want %s", in, got, want)
		}
	}
}

// serveMonitor starts a monitor that is closed with the test, unless it has been closed before.
func serveMonitor(t *testing.T, f *follower) *monitor {
	t.Helper()
	m, err := startMonitor("127.0.0.1:0", f)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		select {
		case <-m.done:
		default:
			m.close()
		}
	})
	return m
}

// fetch reads all of a resource over a connection of its own.
func fetch(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	tr := &http.Transport{DisableKeepAlives: true}
	defer tr.CloseIdleConnections()
	r, err := (&http.Client{Transport: tr, Timeout: 30 * time.Second}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r, string(b)
}

func TestMonitorPage(t *testing.T) {
	m := serveMonitor(t, newFollower())
	r, page := fetch(t, m.url())
	if r.StatusCode != 200 || !strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") || page != string(monitorPage) {
		t.Errorf("status %s, %d bytes", r.Status, len(page))
	}
	without := strings.ReplaceAll(page, "http://www.w3.org/2000/svg", "") // a name, not an address
	if bad := regexp.MustCompile(`https?://|src=|@import|url\(`).FindString(without); bad != "" {
		t.Errorf("the page needs something from outside: %s", bad)
	}
	if r, _ := fetch(t, m.url()+"other"); r.StatusCode != http.StatusNotFound {
		t.Errorf("unknown path: %s", r.Status)
	}
}

func TestMonitorIsForItsMachine(t *testing.T) {
	m := serveMonitor(t, newFollower())
	for host, want := range map[string]int{"localhost:1": 200, "127.0.0.1": 200, "[::1]:80": 200, "evil.example": 403, "10.0.0.1:80": 403} {
		q, _ := http.NewRequest("GET", m.url(), nil)
		q.Host = host
		r, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(q)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if r.StatusCode != want {
			t.Errorf("host %s: %s; want %d", host, r.Status, want)
		}
	}
}

// A stream carries what was before it and what comes while it is read, in order, and ends with the run.
func TestMonitorStreams(t *testing.T) {
	before := runtime.NumGoroutine()
	f := after(time.Second, start(2, 3, 100))
	m := serveMonitor(t, f)
	type result struct{ path, body string }
	results := make(chan result)
	for _, path := range []string{"stream", "events"} {
		go func() {
			r, err := http.Get(m.url() + path)
			if err != nil {
				results <- result{path, err.Error()}
				return
			}
			defer r.Body.Close()
			b, err := io.ReadAll(r.Body)
			if err != nil {
				b = fmt.Appendf(b, "error: %v", err)
			}
			results <- result{path, string(b)}
		}()
	}
	for i := range 300 {
		f.see(1, push(1+i%2, 1+i/2, 10))
		if i%100 == 99 {
			f.see(1, paramserv.Event{Kind: "epoch", Epoch: i/100 + 1, Loss: score(3 - float64(i)/100)})
			f.takeSamples(time.Now(), 1000)
			time.Sleep(2 * pollEvery)
		}
	}
	f.see(1, paramserv.Event{Kind: "end"})
	m.close()
	for range 2 {
		r := <-results
		if r.path == "stream" {
			checkStream(t, r.body)
		} else {
			checkEvents(t, r.body)
		}
	}
	http.DefaultClient.CloseIdleConnections()
	if _, err := net.DialTimeout("tcp", m.ln.Addr().String(), time.Second); err == nil {
		t.Error("the server still listens")
	}
	for end := time.Now().Add(10 * time.Second); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

func checkStream(t *testing.T, body string) {
	var kinds []string
	var rows []int
	for _, block := range strings.Split(strings.TrimSpace(body), "\n\n") {
		head, data, ok := strings.Cut(block, "\ndata: ")
		var d struct {
			Event string
			Rows  int
			Ended bool
		}
		if err := json.Unmarshal([]byte(data), &d); !ok || err != nil {
			t.Fatalf("%q: %v", block, err)
		}
		switch head {
		case "event: event":
			kinds = append(kinds, d.Event)
		case "event: sample":
			rows = append(rows, d.Rows)
		case "event: bye":
			kinds = append(kinds, "bye")
		}
	}
	if got := strings.Join(kinds, " "); got != "start epoch epoch epoch end bye" {
		t.Errorf("events: %s", got)
	}
	if !slices.Equal(rows, []int{1000, 2000, 3000, 3000}) {
		t.Errorf("rows in samples: %v", rows)
	}
}

func checkEvents(t *testing.T, body string) {
	n := map[string]int{}
	rounds := [3]int{}
	for line := range strings.Lines(body) {
		var e seen
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Call != 1 {
			t.Fatalf("%q: %v", line, err)
		}
		n[e.Kind]++
		if e.Kind == "push" {
			if e.Round != rounds[e.Worker]+1 {
				t.Fatalf("round %d of worker %d comes after %d", e.Round, e.Worker, rounds[e.Worker])
			}
			rounds[e.Worker] = e.Round
		}
	}
	if n["start"] != 1 || n["push"] != 300 || n["epoch"] != 3 || n["end"] != 1 {
		t.Errorf("events: %v", n)
	}
}

var metricLine = regexp.MustCompile(`^([a-z_]+)(\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? (\S+)$`)

func TestMonitorMetrics(t *testing.T) {
	f := after(time.Second, start(2, 4, 10), push(1, 5, 30), push(2, 7, 12), push(1, 6, 1),
		paramserv.Event{Kind: "update", Version: 3, Ages: []int{0, 2, 5, 100}}, paramserv.Event{Kind: "epoch", Epoch: 1, Loss: score(0.25), Accuracy: score(0.75)})
	m := serveMonitor(t, f)
	_, text := fetch(t, m.url()+"metrics")
	got, typed := map[string]float64{}, map[string]bool{}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if rest, ok := strings.CutPrefix(line, "# TYPE "); ok {
			name, _, _ := strings.Cut(rest, " ")
			typed[name] = true
			continue
		}
		if strings.HasPrefix(line, "# HELP ") {
			continue
		}
		p := metricLine.FindStringSubmatch(line)
		if p == nil {
			t.Fatalf("not a metric: %q", line)
		}
		v, err := strconv.ParseFloat(p[3], 64)
		if err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		if base := regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(p[1], ""); !typed[base] && !typed[p[1]] {
			t.Errorf("%s has no type", p[1])
		}
		got[p[1]+p[2]] = v
	}
	for name, want := range map[string]float64{
		`calls_total`: 1, `rows_total{call="1",utype="ASP"}`: 43, `updates_total{call="1",utype="ASP"}`: 3, `loss{call="1",utype="ASP"}`: 0.25,
		`done_ratio{call="1",utype="ASP"}`: 0.25, `running{call="1",utype="ASP"}`: 1, `push_seconds_sum{call="1",worker="1"}`: 1,
		`push_seconds_count{call="1",worker="2"}`: 1, `staleness_bucket{call="1",le="0"}`: 1, `staleness_bucket{call="1",le="1"}`: 1,
		`staleness_bucket{call="1",le="2"}`: 2, `staleness_bucket{call="1",le="4"}`: 2, `staleness_bucket{call="1",le="8"}`: 3,
		`staleness_bucket{call="1",le="32"}`: 3, `staleness_bucket{call="1",le="+Inf"}`: 4, `staleness_count{call="1"}`: 4,
	} {
		if v, ok := got[metricPrefix+name]; !ok || v != want {
			t.Errorf("%s = %g, %t; want %g", name, v, ok, want)
		}
	}
	if got["gdml_memory_bytes"] < 1<<20 {
		t.Errorf("memory: %g", got["gdml_memory_bytes"])
	}
}

// Calls beyond those kept drop the oldest that has ended, and its events count no more.
func TestFollowerForgets(t *testing.T) {
	f := newFollower()
	for id := 1; id <= keepCalls+3; id++ {
		f.see(id, start(1, 1, 1))
		if id != 1 {
			f.see(id, paramserv.Event{Kind: "end"})
		}
	}
	f.see(3, push(1, 1, 7))
	if len(f.calls) != keepCalls || f.total != keepCalls+3 || f.calls[0].id != 1 || f.calls[1].id != 5 {
		t.Errorf("%d calls of %d, from %d, %d", len(f.calls), f.total, f.calls[0].id, f.calls[1].id)
	}
}

// A reader that does not read keeps neither the run nor its end waiting, and is told what it has missed.
func TestSlowReader(t *testing.T) {
	f := after(time.Second, start(1, 10, 100000))
	m := serveMonitor(t, f)
	c, err := net.Dial("tcp", m.ln.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	c.(*net.TCPConn).SetReadBuffer(1 << 12)
	fmt.Fprintf(c, "GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n")
	if _, err := c.Read(make([]byte, 1)); err != nil { // the stream has begun
		t.Fatal(err)
	}
	begin := time.Now()
	for i := range 10 * keepEvents {
		f.see(1, push(1, i+1, 1))
	}
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("events took %v", took)
	}
	_, late := fetchSome(t, m.url()+"events")
	if !strings.HasPrefix(late, `{"event":"missed","events":`) {
		t.Errorf("a late reader gets %q", late)
	}
	begin = time.Now()
	m.close()
	if took := time.Since(begin); took > closeTimeout+4*time.Second {
		t.Errorf("the end took %v", took)
	}
}

// fetchSome reads the first line of a resource.
func fetchSome(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	tr := &http.Transport{DisableKeepAlives: true}
	defer tr.CloseIdleConnections()
	r, err := (&http.Client{Transport: tr}).Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	line, err := bufio.NewReader(r.Body).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	return r, line
}

// training is a script whose call takes about two seconds with the delay.
const training = `
g = function(list[unknown] model, matrix[double] features) return (list[unknown] r) { r = list(colSums(features)) }
s = function(list[unknown] model, list[unknown] gradients) return (list[unknown] r) { r = list(as.matrix(model[1]) - 0.1 * as.matrix(gradients[1])) }
v = function(list[unknown] model, matrix[double] val_features) return (double l, double a) { l = -sum(as.matrix(model[1])); a = 1 }
P = paramserv(model=list(matrix(0, 1, 4)), features=matrix(1, 40, 4), labels=matrix(1, 40, 1), upd=g, agg=s, val=v,
  val_features=matrix(1, 2, 4), val_labels=matrix(1, 2, 1), utype="BSP", freq="BATCH", batchsize=10, epochs=10, k=2)
print(sum(as.matrix(P[1])))
`

// runWatched runs the training script with a monitor and returns its address, and what it printed and its status at the end.
func runWatched(t *testing.T, delay string) (url string, end <-chan string) {
	t.Helper()
	r, w := io.Pipe()
	done := make(chan string, 1)
	go func() {
		var out bytes.Buffer
		status := run(&system{in: strings.NewReader(""), out: &out, err: w, env: func(string) string { return "" }},
			[]string{"-s", training, "-monitor", "127.0.0.1:0", "-psdelay", delay, "-threads", "2"})
		w.Close()
		done <- fmt.Sprintf("%d %s", status, out.String())
	}()
	lines := bufio.NewReader(r)
	line, err := lines.ReadString('\n')
	go io.Copy(io.Discard, lines)
	url, ok := strings.CutPrefix(strings.TrimSpace(line), "gdml: monitor at ")
	if err != nil || !ok {
		t.Fatalf("%q, %v", line, err)
	}
	return url, done
}

func TestMonitoredRun(t *testing.T) {
	url, end := runWatched(t, "*:50ms")
	_, body := fetch(t, url+"events")
	n := map[string]int{}
	for line := range strings.Lines(body) {
		var e seen
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			t.Fatal(err)
		}
		n[e.Kind]++
		if e.Kind == "push" && e.Seconds < 0.04 {
			t.Errorf("a push with a delay of 50 ms took %g s", e.Seconds)
		}
	}
	if n["start"] != 1 || n["push"] != 40 || n["update"] != 20 || n["epoch"] != 10 || n["end"] != 1 {
		t.Errorf("events: %v", n)
	}
	if got := <-end; got != "0 -160.0\n" {
		t.Errorf("the run: %q", got)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	if status, _, errs := gdml("-s", "print(1)", "-monitor", ln.Addr().String()); status != exitUsage || !strings.Contains(errs, "-monitor: listen") {
		t.Errorf("port in use: %d, %s", status, errs)
	}
}

// slowToLoad serves the page of a monitor with an image that comes a second after the stream has
// begun: a browser that prints the page does so when it has loaded.
func slowToLoad(m *monitor) http.Handler {
	begun := make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write(monitorPage)
		io.WriteString(w, `<img src="late">`)
	})
	mux.HandleFunc("GET /stream", func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		m.stream(w, r)
	})
	mux.HandleFunc("GET /late", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-begun:
			time.Sleep(time.Second)
		case <-time.After(20 * time.Second):
		}
	})
	return mux
}

// A browser shows the page of a call. GDML_BROWSER names a Chromium; without it the test is skipped.
func TestMonitorInBrowser(t *testing.T) {
	browser := os.Getenv("GDML_BROWSER")
	if browser == "" {
		t.Skip("set GDML_BROWSER=chromium to run this in a browser")
	}
	f := after(time.Minute, start(2, 10, 100), paramserv.Event{Kind: "epoch", Epoch: 1, Loss: score(5)}, push(1, 250, 10), push(2, 200, 10),
		paramserv.Event{Kind: "update", Ages: []int{0, 0, 3}}, paramserv.Event{Kind: "epoch", Epoch: 2, Loss: score(2)})
	f.takeSamples(time.Now(), 1<<20)
	srv := httptest.NewServer(slowToLoad(&monitor{f: f, done: make(chan struct{})}))
	defer srv.Close()
	dir, err := os.MkdirTemp("", "browser")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir) // chromium may still write into it, so that a failure to remove it is no failure
	dom, err := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
		"--user-data-dir="+dir, "--timeout=60000", "--dump-dom", srv.URL).Output()
	if err != nil {
		t.Fatalf("%v\n%s", err, dom)
	}
	for _, want := range []string{`>training<`, `>call 1<`, `<svg id="loss"><line`, `<polyline`, `<svg id="ages"><line`, `<rect`, `>w2<`} {
		if !strings.Contains(string(dom), want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if t.Failed() {
		t.Logf("%s", dom[max(0, bytes.Index(dom, []byte("<main>"))):])
	}
}

// Telling a follower about a push takes a lock and a copy.
func BenchmarkWatch(b *testing.B) {
	f := newFollower()
	f.see(1, start(4, 10, 1000))
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		f.see(1, push(1+i%4, i/4, 10))
	}
}
