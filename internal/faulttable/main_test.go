package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sentrial/sentrial-go"
	"github.com/sentrial/sentrial-go/internal/faultsink"
	"github.com/sentrial/sentrial-go/internal/leaktest"
	"github.com/sentrial/sentrial-go/internal/memhttp"
	"github.com/sentrial/sentrial-go/types"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// inMemory is the network of a synctest bubble, where the minutes of the table take no time.
func inMemory(t *testing.T) connector {
	return func(sink *faultsink.Sink) (*network, error) {
		server := memhttp.New(t, sink)
		gate := faultsink.NewGate(server.Transport())
		down := func() error {
			gate.Shut(syscall.ECONNREFUSED)
			server.CloseConnections()
			return nil
		}
		up := func() error { gate.Open(); return nil }
		return &network{url: server.URL(), client: &http.Client{Transport: gate}, down: down, up: up, close: func() {}}, nil
	}
}

// inBubble runs the command with these rows on virtual time.
func inBubble(t *testing.T, table []row, args ...string) (status int, out, errOut string) {
	var o, e bytes.Buffer
	synctest.Test(t, func(t *testing.T) {
		status = run(t.Context(), args, table, inMemory(t), &o, &e)
	})
	return status, o.String(), e.String()
}

// results runs the rows and reads their JSON.
func results(t *testing.T, table []row, args ...string) (status int, all []result) {
	t.Helper()
	status, out, errOut := inBubble(t, table, append(args, "--json")...)
	if err := json.Unmarshal([]byte(out), &all); err != nil {
		t.Fatalf("%v in %s%s", err, out, errOut)
	}
	return status, all
}

func TestEveryRowIsMet(t *testing.T) {
	status, all := results(t, rows(), "--events", "3000", "--rate", "1000", "--parallel", "3")
	if status != 0 || len(all) != len(rows()) {
		t.Errorf("status %d with %d of %d rows", status, len(all), len(rows()))
	}
	for i, r := range all {
		want := rows()[i]
		if !r.Met || r.Lost != want.lost() || r.Delivered != 3000-want.lost() || r.StoredDuplicates != 0 || r.Row != want.name {
			t.Errorf("%s: %s, dropped %v: %v", r.Row, r.figures(), r.Dropped, r.Problems)
		}
		if r.LongestTrackMS != 0 {
			t.Errorf("%s: a Track call took %v ms of virtual time", r.Row, r.LongestTrackMS)
		}
		if want.faulty() != (r.RequestsInFault > 0) || r.Requests == 0 {
			t.Errorf("%s: %d of %d requests met the fault", r.Row, r.RequestsInFault, r.Requests)
		}
	}
}

func TestEveryHostedRowIsMet(t *testing.T) {
	const events = 500
	status, all := results(t, append(rows(), hostedRows()...), "--wire", "hosted", "--events", fmt.Sprint(events), "--rate", "400", "--parallel", "3")
	if status != 0 || len(all) != len(hostedRows()) {
		t.Errorf("status %d with %d of %d rows", status, len(all), len(hostedRows()))
	}
	for i, r := range all {
		want, uncertain := hostedRows()[i], int(r.Dropped["uncertain"])
		if !r.Met || r.Lost < want.lost() || r.Lost > want.lost()+uncertain || r.Delivered != events-r.Lost || r.StoredDuplicates != 0 || r.Row != want.name {
			t.Errorf("%s: %s, dropped %v: %v", r.Row, r.figures(), r.Dropped, r.Problems)
		}
		if want.faulty() != (r.RequestsInFault > 0) || r.Requests < events {
			t.Errorf("%s: %d of %d requests met the fault", r.Row, r.RequestsInFault, r.Requests)
		}
		if want.twins != (r.Twins > 0) {
			t.Errorf("%s: %d sessions were made twice", r.Row, r.Twins)
		}
	}
}

func TestRowsOverSockets(t *testing.T) {
	var out, errOut bytes.Buffer
	status := run(t.Context(), []string{"--events", "200", "--rate", "0", "--rows", "clean,413,nan"}, rows(), onSockets, &out, &errOut)
	if status != 0 || !strings.Contains(out.String(), "3 of 3 rows met") || strings.Count(out.String(), "200/0/0") != 6 {
		t.Errorf("status %d:\n%s%s", status, &out, &errOut)
	}
}

func TestHostedRowsOverSockets(t *testing.T) {
	var out, errOut bytes.Buffer
	status := run(t.Context(), []string{"--wire", "hosted", "--events", "200", "--rate", "0", "--rows", "clean,413,nan"}, hostedRows(), onSockets, &out, &errOut)
	if status != 0 || !strings.Contains(out.String(), "3 of 3 rows met") || strings.Count(out.String(), "200/0/0") != 2 || strings.Count(out.String(), "199/0/1") != 1 {
		t.Errorf("status %d:\n%s%s", status, &out, &errOut)
	}
}

// liar acknowledges everything and stores nothing.
func liar(load) faultsink.Rule {
	return faultsink.Always(func(x *faultsink.Exchange) {
		x.ReplyJSON(http.StatusOK, map[string]any{"accepted": len(x.Events()), "duplicates": 0, "rejected": []any{}})
	})
}

// A row whose expectation does not come true ends the command with 1, and a line says what was expected.
func TestBrokenExpectations(t *testing.T) {
	for _, c := range []struct {
		row  row
		want string
	}{
		{row{fault: liar}, "expected 0 events lost, got 200"},
		{row{dropped: map[sentrial.DropReason]int{sentrial.DropPoison: 1}}, "expected 1 poison to be dropped, got none"},
		{row{fault: holding(faultsink.Status(400)), odd: poisoned}, "expected none to be dropped, got 1 rejected"},
		{row{odd: &types.Step{Name: "tells", Input: apiKey}}, "1 watched texts seen, want 0: [\"" + apiKey + "\" in body of request "},
		{row{fault: holding(faultsink.Status(400))}, "expected requests that meet the fault, got none"},
		{row{fault: during(time.Hour, faultsink.Status(503)), atMost: 1}, "expected Close to deliver everything, got "},
		{row{fault: during(10*time.Second, faultsink.Status(503)), atMost: 1}, "expected at most 1 requests that meet the fault, got "},
		{row{fault: second(faultsink.Accept), refused: true, atMost: 1}, "expected at most 1 requests that meet the fault, got "},
	} {
		c.row.name, c.row.title = "broken", "a broken row"
		status, out, errOut := inBubble(t, []row{rows()[0], c.row}, "--events", "200", "--rate", "100")
		if status != 1 || !strings.Contains(out, "\n    "+c.want) || !strings.Contains(out, "1 of 2 rows met") || errOut != "" {
			t.Errorf("%s: status %d:\n%s%s", c.want, status, out, errOut)
		}
	}
}

// What a connector cannot do is a problem of the row.
func TestNoNetwork(t *testing.T) {
	broken := func(*faultsink.Sink) (*network, error) { return nil, syscall.EADDRINUSE }
	var out, errOut bytes.Buffer
	if status := run(t.Context(), []string{"--rows", "clean"}, rows(), broken, &out, &errOut); status != 1 || !strings.Contains(out.String(), syscall.EADDRINUSE.Error()) {
		t.Errorf("status %d:\n%s%s", status, &out, &errOut)
	}
}

func TestSettings(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"--rows nan,clean", 0, ""},
		{"--rows nan,nonsense", 2, `no row is named "nonsense"; there are clean, burst, 503,`},
		{"clean", 2, `unexpected argument "clean", rows are named with --rows`},
		{"--events 0", 2, "want at least 1, 0 and 1"},
		{"--rate -1", 2, "want at least 1, 0 and 1"},
		{"--parallel 0", 2, "want at least 1, 0 and 1"},
		{"--no-such-flag", 2, "flag provided but not defined"},
		{"--help", 0, "names of rows"},
		{"--wire tin", 2, "--wire tin: want batch or hosted"},
		{"--wire hosted --rows session-lost,clean", 0, ""},
		{"--rows session-lost", 2, `no row is named "session-lost"`},
	} {
		status, out, errOut := inBubble(t, append(rows(), hostedRows()...), append([]string{"--events", "20"}, strings.Fields(c.args)...)...)
		if status != c.status || !strings.Contains(errOut, c.says) || (c.says == "") != strings.Contains(out, "2 of 2 rows met") {
			t.Errorf("%s: status %d:\n%s%s", c.args, status, out, errOut)
		}
	}
}

// Rows come in the order of the table, whatever order they were named in or end in.
func TestOrderOfRows(t *testing.T) {
	_, all := results(t, rows(), "--events", "3000", "--rows", "portal,clean,hang")
	var names []string
	for _, r := range all {
		names = append(names, r.Row)
	}
	if got := strings.Join(names, " "); got != "clean hang portal" {
		t.Errorf("got %s", got)
	}
}

func TestBurstIsNotPaced(t *testing.T) {
	_, all := results(t, rows(), "--events", "60", "--rate", "1", "--rows", "clean,burst")
	if clean, burst := all[0], all[1]; clean.Requests < 30 || burst.Requests > 5 {
		t.Errorf("a minute's events took %d requests, and %d at once; want many and few", clean.Requests, burst.Requests)
	}
}

func TestSeedOfChances(t *testing.T) {
	chance := faultsink.Chance(0.2, seed)
	var chosen []int
	for i := range 20 {
		if chance(nil) {
			chosen = append(chosen, i+1)
		}
	}
	if got := fmt.Sprint(chosen); got != "[2 7 12 14 16]" {
		t.Errorf("the seed chooses %s, the comment at it says otherwise", got)
	}
}

func TestFaultsBeginInsideTheRecording(t *testing.T) {
	for l, want := range map[load]time.Duration{
		{20_000, 2000, false}: time.Second, {1000, 2000, false}: 250 * time.Millisecond, {1000, 0, true}: 0, {4000, 400, true}: 2500 * time.Millisecond,
	} {
		if got := l.begin(); got != want {
			t.Errorf("%+v: a fault begins at %v, want %v", l, got, want)
		}
	}
}
