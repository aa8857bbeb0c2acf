package tests

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// gdml runs the command in a directory and returns both outputs.
func gdml(t *testing.T, dir string, args ...string) (stdout, stderr string, err error) {
	t.Helper()
	cmd := exec.Command(filepath.Join(command(t), "gdml"), args...)
	cmd.Dir = dir
	var out, msg bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &msg
	err = cmd.Run()
	return out.String(), msg.String(), err
}

// trainer is a script that draws random numbers, keeps momentum and writes its history.
const trainer = `
grad = function(list[unknown] model, matrix[double] features, matrix[double] labels) return (list[unknown] g) {
  e = features %*% as.matrix(model["w"]) - labels
  g = list(t(features) %*% e / nrow(features) + 0.01 * rand(rows=ncol(features), cols=1))
}
step = function(list[unknown] model, list[unknown] hyperparams, list[unknown] gradients) return (list[unknown] next) {
  v = 0.5 * as.matrix(model["v"]) - as.scalar(hyperparams["lr"]) * as.matrix(gradients[1])
  next = list(w = as.matrix(model["w"]) + v, v = v)
}
score = function(list[unknown] model, matrix[double] val_features, matrix[double] val_labels) return (double l, double a) {
  l = sum((val_features %*% as.matrix(model["w"]) - val_labels)^2)
  a = 0.5
}
X = rand(rows=120, cols=4, seed=1)
Y = X %*% seq(1, 4)
[P, H] = paramserv(model=list(w = matrix(0, 4, 1), v = matrix(0, 4, 1)), features=X, labels=Y, upd=grad, agg=step, val="score",
  val_features=X, val_labels=Y, hyperparams=list(lr=$lr), freq="BATCH", batchsize=10, epochs=25, k=3, $MODE)
print(toString(as.matrix(P["w"]), decimal=17))
print(toString(cbind(H[,1], H[,3], H[,6]), rows=100, decimal=17))
`

const keepState = `, checkpointing="EPOCH", checkpoint_dir="ckpt", resume=TRUE`

func writeTrainer(t *testing.T, dir, name, mode string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(strings.Replace(trainer, "$MODE", mode, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A run that is killed at any moment, and started again until it ends, ends with the bits of one that was left alone.
// Where timing matters, that is one in the order that the killed and resumed run recorded. The last start finds the
// newest checkpoint damaged.
func TestParamservSurvivesKilling(t *testing.T) {
	kills := 2
	if os.Getenv("GDML_LONG") != "" {
		kills = 50
	}
	random := rand.New(rand.NewPCG(1, 2))
	damaged := 0
	for _, m := range []struct {
		mode  string
		timed bool
	}{
		{`utype="BSP"`, false}, {`utype="SBP", num_backup_workers=0`, false}, {`utype="SSP", staleness=0`, false}, {`utype="EASGD"`, false},
		{`utype="BSP", compress="TOPK:0.5"`, false}, {`utype="ASP"`, true}, {`utype="SSP", staleness=2`, true}, {`utype="SBP"`, true},
		{`utype="SBP", num_backup_workers="auto"`, true}, {`utype="ASP", modelAvg=TRUE`, true},
	} {
		mode, dir := m.mode, t.TempDir()
		writeTrainer(t, dir, "plain.dml", mode)
		writeTrainer(t, dir, "kept.dml", mode+keepState)
		kept := []string{"-f", "kept.dml", "-seed", "7", "-psdelay", "*:1ms", "-nvargs", "lr=0.05"}
		plain := []string{"-f", "plain.dml", "-seed", "7", "-nvargs", "lr=0.05"}
		if m.timed {
			kept, plain = append([]string{"-psrecord", "rec"}, kept...), append([]string{"-psreplay", "rec"}, plain...)
		}
		killed := killMany(t, dir, kills, random, kept)
		flipped := flipByte(t, filepath.Join(dir, "ckpt"), random)
		got, msg, err := gdml(t, dir, kept...)
		if err != nil {
			t.Fatalf("%s: %v\n%s", mode, err, msg)
		}
		if flipped {
			damaged++
		}
		if warned := strings.Contains(msg, "cannot be used, trying an older one"); warned != flipped {
			t.Errorf("%s: damaged %t, told %q", mode, flipped, msg)
		}
		want, msg, err := gdml(t, dir, plain...)
		if err != nil || got != want {
			t.Errorf("%s: killed %d times, it ends with\n%s\nwithout being killed with\n%s%s%v", mode, killed, got, want, msg, err)
		}
		refusesOthers(t, dir, mode)
	}
	if damaged == 0 {
		t.Error("there never was a checkpoint to damage")
	}
}

// killMany starts a command until it was killed so many times. Its delays stretch it to about 150 ms, so that most
// moments lie in training.
func killMany(t *testing.T, dir string, kills int, random *rand.Rand, args []string) (killed int) {
	t.Helper()
	for tries := 0; killed < kills && tries < 10*kills; tries++ {
		cmd := exec.Command(filepath.Join(command(t), "gdml"), args...)
		cmd.Dir = dir
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(140)) * time.Millisecond)
		if err := cmd.Process.Kill(); err != nil {
			t.Logf("it had ended: %v", err)
		}
		if cmd.Wait() != nil {
			killed++
		} else if err := os.RemoveAll(filepath.Join(dir, "ckpt")); err != nil { // it ended first: begin anew
			t.Fatal(err)
		}
	}
	return killed
}

// flipByte changes a byte of the newest checkpoint; it returns false when there is none.
func flipByte(t *testing.T, dir string, random *rand.Rand) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.ckpt"))
	if err != nil || len(files) == 0 {
		return false
	}
	newest := files[len(files)-1]
	data, err := os.ReadFile(newest)
	if err != nil {
		t.Fatal(err)
	}
	data[random.IntN(len(data))] ^= 0x40
	if err := os.WriteFile(newest, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return true
}

// refusesOthers changes the call whose checkpoints are in dir.
func refusesOthers(t *testing.T, dir, mode string) {
	t.Helper()
	if _, msg, err := gdml(t, dir, "-f", "kept.dml", "-seed", "7", "-nvargs", "lr=0.06"); err == nil || !strings.Contains(msg, "hyperparams lr was 0.05 and is now 0.06") {
		t.Errorf("%s: another step gives %v\n%s", mode, err, msg)
	}
	text, err := os.ReadFile(filepath.Join(dir, "kept.dml"))
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "0.5 * as.matrix", "0.6 * as.matrix", 1)
	if err := os.WriteFile(filepath.Join(dir, "kept.dml"), []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, msg, err := gdml(t, dir, "-f", "kept.dml", "-seed", "7", "-nvargs", "lr=0.05"); err == nil || !strings.Contains(msg, "agg has changed") {
		t.Errorf("%s: another function gives %v\n%s", mode, err, msg)
	}
}

// The learning curve of one run is that of separate runs with fewer epochs.
func TestParamservLearningCurve(t *testing.T) {
	dir := t.TempDir()
	writeTrainer(t, dir, "curve.dml", `utype="BSP"`)
	want, _, err := gdml(t, dir, "-f", "curve.dml", "-seed", "7", "-nvargs", "lr=0.05")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(want), "\n")
	text, err := os.ReadFile(filepath.Join(dir, "curve.dml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, epochs := range []int{1, 4, 16} {
		short := strings.Replace(string(text), "epochs=25", fmt.Sprintf("epochs=%d", epochs), 1)
		out, msg, err := gdml(t, dir, "-s", short, "-seed", "7", "-nvargs", "lr=0.05")
		if err != nil {
			t.Fatal(err, msg)
		}
		// After the four lines of w and a blank one come the rows of the history.
		row := strings.Split(strings.TrimSpace(out), "\n")
		if got, want := row[len(row)-1], lines[len(lines)-25+epochs-1]; got != want || !strings.HasPrefix(got, fmt.Sprint(epochs)) {
			t.Errorf("%d epochs end with %q, the long run had %q", epochs, got, want)
		}
	}
}

// Modes that depend on timing give the same bits when their record is replayed.
func TestParamservRecordAndReplay(t *testing.T) {
	dir := t.TempDir()
	plain := strings.ReplaceAll(trainer, " + 0.01 * rand(rows=ncol(features), cols=1)", "")
	plain = strings.Replace(plain, "v = 0.5 * as.matrix(model[\"v\"]) - ", "v = as.matrix(model[\"v\"])\n  d = ", 1)
	plain = strings.Replace(plain, `as.matrix(model["w"]) + v`, `as.matrix(model["w"]) - d`, 1)
	for _, mode := range []string{`utype="ASP"`, `utype="SSP", staleness=2`, `utype="HOGWILD"`, `utype="SBP"`, `utype="SBP", num_backup_workers="auto"`, `utype="ASP", modelAvg=TRUE`} {
		if err := os.WriteFile(filepath.Join(dir, "s.dml"), []byte(strings.Replace(plain, "$MODE", mode, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		run := func(args ...string) string {
			t.Helper()
			out, msg, err := gdml(t, dir, append([]string{"-f", "s.dml", "-seed", "7", "-nvargs", "lr=0.05"}, args...)...)
			if err != nil {
				t.Fatalf("%s %v: %v\n%s", mode, args, err, msg)
			}
			return out
		}
		want := run("-psrecord", "rec", "-psdelay", "*:200us±200us,1:1ms@3..5")
		for _, args := range [][]string{nil, {"-psdelay", "0:500us"}, {"-threads", "8"}} {
			if got := run(append(args, "-psreplay", "rec")...); got != want {
				t.Errorf("%s: the replay with %v gives\n%snot\n%s", mode, args, got, want)
			}
		}
	}
	out, msg, err := gdml(t, dir, "-f", "s.dml", "-psreplay", "rec", "-psrecord", "rec", "-nvargs", "lr=0.05")
	if err == nil || out != "" || !strings.Contains(msg, "is the file of -psreplay") {
		t.Errorf("%v %s", err, msg)
	}
}

// The event stream is JSON, and its epochs are the rows of the history.
func TestParamservEvents(t *testing.T) {
	dir := t.TempDir()
	writeTrainer(t, dir, "s.dml", `utype="ASP", retries=1`)
	out, msg, err := gdml(t, dir, "-f", "s.dml", "-seed", "7", "-psevents", "ev", "-psverbose", "-stats", "-psfault", "1:grad@4,0:lose@9", "-nvargs", "lr=0.01")
	if err != nil {
		t.Fatal(err, msg)
	}
	f, err := os.Open(filepath.Join(dir, "ev"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var losses []float64
	kinds := map[string]int{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var e struct {
			Call, Epoch int
			Event       string
			Loss        float64
		}
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil || e.Call != 1 {
			t.Fatalf("%s: %v", lines.Bytes(), err)
		}
		kinds[e.Event]++
		if e.Event == "epoch" {
			losses = append(losses, e.Loss)
		}
	}
	if kinds["start"] != 1 || kinds["end"] != 1 || kinds["retry"] != 1 || kinds["lost"] != 1 || kinds["epoch"] != 25 {
		t.Errorf("events %v", kinds)
	}
	rows := strings.Split(strings.TrimSpace(out), "\n")
	for i, row := range rows[len(rows)-25:] {
		var epoch, pushes, loss float64
		if _, err := fmt.Sscan(row, &epoch, &pushes, &loss); err != nil || epoch != float64(i+1) || loss != losses[i] {
			t.Errorf("row %s of the history, %v; the event has the loss %v", row, err, losses[i])
		}
	}
	for _, want := range []string{
		"paramserv epoch 25/25", "worker 1 is lost; the others take over its rows", "Paramserv retries/lost workers:\t1/1",
		"Paramserv total num workers:\t3.", "Paramserv batch slice time:", "Paramserv RPC request time:", "Paramserv lock wait time:",
		"Paramserv barrier wait time:", "Paramserv model broadcast time:", "Paramserv validation time:", "Paramserv pushes/discarded:",
		"Paramserv rounds (updates):", "Paramserv bytes pushed/pulled:", "Paramserv staleness min/mean/max:", "Paramserv rows per second:",
	} {
		if !strings.Contains(msg, want) {
			t.Errorf("no %q in\n%s", want, msg)
		}
	}
}

func TestParamservFlags(t *testing.T) {
	for _, c := range []struct{ flag, value, want string }{
		{"-psfault", "grad", "fault \"grad\": it needs @"},
		{"-psdelay", "fast", "delay \"fast\": write WORKER:TIME"},
		{"-psevents", "/nonexistent/x", "-psevents: open /nonexistent/x"},
		{"-psrecord", "/nonexistent/x", "-psrecord: open /nonexistent/x"},
		{"-psreplay", "/nonexistent/x", "-psreplay: stat /nonexistent/x"},
	} {
		_, msg, err := gdml(t, t.TempDir(), c.flag, c.value, "-s", "print(1)")
		if e, ok := err.(*exec.ExitError); !ok || e.ExitCode() != 2 || !strings.Contains(msg, c.want) {
			t.Errorf("%s %s: %v %s", c.flag, c.value, err, msg)
		}
	}
	_, msg, err := gdml(t, t.TempDir(), "-s", strings.Replace(trainer, "$MODE", `utype="ASP"`, 1), "-psfault", "grad@5", "-nvargs", "lr=0.01")
	if err == nil || !strings.Contains(msg, "injected failure") || !strings.Contains(msg, "paramserv gradient of worker") {
		t.Errorf("%v %s", err, msg)
	}
}

var fence = regexp.MustCompile("(?s)```r\n(.*?)```")

// Every snippet of the page about the parameter server runs, and trains.
func TestParamservPage(t *testing.T) {
	page, err := os.ReadFile("../docs/paramserv.md")
	if err != nil {
		t.Fatal(err)
	}
	snippets := fence.FindAllStringSubmatch(string(page), -1)
	if len(snippets) != 8 {
		t.Fatalf("%d snippets", len(snippets))
	}
	seen := ""
	for _, s := range snippets[1:] {
		dir := t.TempDir()
		text := snippets[0][1] + s[1] + "\n[l, a] = loss(P, X, Y)\nprint(l)\n"
		out, msg, err := gdml(t, dir, "-s", text, "-seed", "3")
		var l float64
		if _, serr := fmt.Sscan(out, &l); err != nil || serr != nil || msg != "" || !(l < 2) { // it is about 27 before
			t.Errorf("%s\nends with a loss of %s%s%v", s[1], out, msg, err)
		}
		seen += s[1]
	}
	for _, utype := range []string{"BSP", "ASP", "SBP", "SSP", "HOGWILD", "EASGD"} {
		if !strings.Contains(seen, `utype="`+utype+`"`) {
			t.Errorf("no snippet of %s", utype)
		}
	}
}
