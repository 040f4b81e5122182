package cli

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
	"github.com/sentrial/sentrial-go/server/internal/console"
	"github.com/sentrial/sentrial-go/server/internal/format"
)

// health is what /healthz says, and when.
type health struct {
	Service   string   `json:"service"`
	Status    string   `json:"status"`
	Protocols []string `json:"protocols"`

	asked, answered time.Time
	header          http.Header
}

func (x *examination) answers(ctx context.Context) finding {
	x.health.asked = time.Now()
	reply, err := x.client.Ask(ctx, "/healthz")
	x.health.answered = time.Now()
	if err != nil {
		return finding{Verdict: failed, exit: exitUnreachable, Detail: err.Error(), Hint: "Look at the server's log, and at what is between."}
	}
	x.health.header = reply.Header
	if reply.Status != http.StatusOK {
		return finding{Verdict: doubt, Detail: fmt.Sprintf("/healthz answers %d %s", reply.Status, http.StatusText(reply.Status)), Hint: "It may be a gateway's answer, or a server that only speaks the hosted protocol."}
	}
	if json.Unmarshal(reply.Body, &x.health) != nil || x.health.Status == "" {
		return finding{Verdict: doubt, Detail: "/healthz answers something else than a sentrial server", Hint: "Check the URL: a captive portal or another program may be answering."}
	}
	detail := fmt.Sprintf("%s says %s within %s", or(x.health.Service, "it"), x.health.Status, format.Duration(x.health.answered.Sub(x.health.asked)))
	if version := reply.Header.Get("Server"); version != "" {
		detail += ", " + version
	}
	return finding{Verdict: well, Detail: detail + ", speaks " + or(strings.Join(x.health.Protocols, " and "), "no protocol that it names")}
}

func or(text, other string) string {
	if text == "" {
		return other
	}
	return text
}

// speaks tells which protocol the SDK would speak with the server, and why.
func (x *examination) speaks(context.Context) finding {
	host := x.target().Hostname()
	forced := strings.ToLower(x.app.getenv("SENTRIAL_PROTOCOL"))
	names := slices.Contains(x.health.Protocols, "batch")
	f := finding{Verdict: well, Detail: "the SDK would speak "}
	switch {
	case forced == "batch" || forced == "hosted":
		f.Detail += "the " + forced + " protocol, because SENTRIAL_PROTOCOL says so"
		if len(x.health.Protocols) > 0 && !slices.Contains(x.health.Protocols, forced) {
			f.Verdict, f.Hint = doubt, "The server does not name that protocol: leave SENTRIAL_PROTOCOL to auto."
		}
	case host == "localhost" || net.ParseIP(host).IsLoopback():
		f.Detail += "the batch protocol, because the server is on this machine"
	case names:
		f.Detail += "the batch protocol, because the server names it"
	case x.health.Status == "":
		return finding{Verdict: skipped, Detail: "nobody can tell what the SDK would speak: it begins with the batch protocol, and no sentrial server answers /healthz"}
	default:
		f.Detail += "the hosted protocol, because the server does not name the batch protocol"
		f.Hint = "An event whose reply is lost cannot be sent again there; the reading commands do not work."
	}
	return f
}

// acceptedSkew is the difference of clocks that says nothing.
const acceptedSkew = 10 * time.Second

// clock compares ours with the Date of the reply, which has whole seconds, half-way between question and answer.
func (x *examination) clock(context.Context) finding {
	theirs, err := http.ParseTime(x.health.header.Get("Date"))
	if err != nil {
		return finding{Verdict: skipped, Detail: "the server tells no time"}
	}
	trip := x.health.answered.Sub(x.health.asked)
	ahead := x.health.asked.Add(trip / 2).Sub(theirs.Add(time.Second / 2))
	within := time.Second/2 + trip/2
	text := fmt.Sprintf("this machine's clock is %s the server's, give or take %s", comparison(ahead), format.Duration(within))
	if ahead.Abs() <= within {
		return finding{Verdict: well, Detail: "this machine's clock and the server's agree within " + format.Duration(within)}
	}
	if ahead.Abs() > acceptedSkew+within {
		return finding{Verdict: doubt, Detail: text, Hint: "Set the clock: events keep the times of the machine that recorded them."}
	}
	return finding{Verdict: well, Detail: text}
}

func comparison(ahead time.Duration) string {
	if ahead < 0 {
		return format.Duration(-ahead) + " behind"
	}
	return format.Duration(ahead) + " ahead of"
}

// key asks for a session, and for what only some keys may do.
func (x *examination) key(ctx context.Context) finding {
	reply, err := x.client.Ask(ctx, "/v1/sessions?limit=1")
	if err != nil {
		return finding{Verdict: failed, exit: exitUnreachable, Detail: err.Error()}
	}
	x.headers = reply
	given := x.app.origin(x.cmd, "api-key", variables["api-key"]...)
	if x.app.keptBack(x.cmd, given) {
		given.value = ""
	}
	subject := or(masked(given.value), "no key")
	if subject == "set" {
		subject = "the key"
	}
	switch {
	case reply.Status == http.StatusUnauthorized:
		return finding{Verdict: failed, exit: exitAuth, Detail: subject + " is not accepted: " + x.client.Failure(reply).Error(), Hint: "Make a key with `sentrial keys create` beside the server, and give it as --api-key or SENTRIAL_API_KEY."}
	case reply.Status == http.StatusForbidden:
		return x.withoutReading(ctx, subject, reply)
	case reply.Status != http.StatusOK:
		return finding{Verdict: failed, Detail: x.client.Failure(reply).Error(), Hint: "The reading commands need a server of the batch protocol."}
	}
	return finding{Verdict: well, Detail: fmt.Sprintf("%s is accepted for project %s: %s", subject, x.project(reply), strings.Join(x.scopes(ctx, "sessions:read"), ", "))}
}

// withoutReading tells a key that only writes from one that belongs elsewhere.
func (x *examination) withoutReading(ctx context.Context, subject string, reply apiclient.Reply) finding {
	if scopes := x.scopes(ctx); len(scopes) > 0 {
		return finding{Verdict: well, Detail: subject + " is accepted, and may not read: " + strings.Join(scopes, ", ")}
	}
	return finding{
		Verdict: failed, exit: exitAuth, Detail: subject + " may not do that: " + x.client.Failure(reply).Error(),
		Hint: "Give the key's own project with --project or SENTRIAL_PROJECT_ID, or none.",
	}
}

// scopes tries what the key may do, with requests that record nothing.
func (x *examination) scopes(ctx context.Context, known ...string) []string {
	if _, err := x.client.PostEvents(ctx, []byte(`{"events":[]}`), 0); err == nil {
		known = append([]string{"events:write"}, known...)
	}
	if reply, err := x.client.Ask(ctx, "/v1/keys"); err == nil && reply.Status == http.StatusOK {
		known = append(known, "admin")
	}
	return known
}

// project is the one that is read, as far as somebody tells.
func (x *examination) project(reply apiclient.Reply) string {
	var list struct {
		Data []struct {
			Project string `json:"project_id"`
		} `json:"data"`
	}
	if json.Unmarshal(reply.Body, &list) == nil && len(list.Data) > 0 && list.Data[0].Project != "" {
		return console.CleanLine(list.Data[0].Project)
	}
	return or(x.app.setting(x.cmd, "project", variables["project"]...), "of its own, or default")
}

func (x *examination) limits(ctx context.Context) finding {
	var l struct {
		Events  int   `json:"max_events"`
		Wire    int64 `json:"max_wire_bytes"`
		Decoded int64 `json:"max_decoded_bytes"`
		Event   int64 `json:"max_event_bytes"`
	}
	raw, err := x.client.Get(ctx, "/v1/limits", nil)
	if err == nil {
		err = json.Unmarshal(raw, &l)
	}
	if err != nil {
		return finding{Verdict: skipped, Detail: "the server does not tell: " + briefly(err)}
	}
	return finding{Verdict: well, Detail: fmt.Sprintf("a request may bring %s, %s (%s unpacked), and %s an event",
		format.Plural(l.Events, "event"), format.Bytes(l.Wire), format.Bytes(l.Decoded), format.Bytes(l.Event))}
}

func briefly(err error) string {
	if api, ok := errors.AsType[*apiclient.Error](err); ok {
		return fmt.Sprintf("%d %s", api.Status, api.Code)
	}
	return err.Error()
}

func (x *examination) rateLimit(context.Context) finding {
	h := x.headers.Header
	limit, err := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	if err != nil {
		return finding{Verdict: skipped, Detail: "the server tells of none"}
	}
	left, _ := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	f := finding{Verdict: well, Detail: fmt.Sprintf("%s of %s left", format.Count(left), format.Plural(limit, "request"))}
	if reset, err := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64); err == nil {
		f.Detail += " until " + time.Unix(reset, 0).UTC().Format("15:04:05 UTC")
	}
	if left == 0 {
		f.Verdict, f.Hint = doubt, "The key makes more requests than it may; `sentrial serve --rate-limit` raises the bound."
	}
	return f
}
