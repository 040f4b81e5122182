package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/sentrial/sentrial-go"
)

// sdkURL is where the SDK sends to when nothing is said.
const sdkURL = "https://api.realm.ai"

// sdkVariables are those that the package documentation of the SDK lists; the others are the command's own.
var (
	sdkVariables = []string{
		"SENTRIAL_API_KEY", "SENTRIAL_PROJECT_ID", "SENTRIAL_PROJECT", "SENTRIAL_API_URL", "SENTRIAL_TIMEOUT", "SENTRIAL_MAX_RETRIES", "SENTRIAL_FLUSH_INTERVAL",
		"SENTRIAL_BATCH_BYTES", "SENTRIAL_QUEUE_BYTES", "SENTRIAL_OVERFLOW", "SENTRIAL_SPOOL_DIR", "SENTRIAL_SPOOL_SYNC", "SENTRIAL_CONTENT", "SENTRIAL_SAMPLE_RATE", "SENTRIAL_PRICES",
		"SENTRIAL_COMPRESSION", "SENTRIAL_PROTOCOL", "SENTRIAL_SERVICE", "SENTRIAL_RELEASE", "SENTRIAL_ENVIRONMENT", "SENTRIAL_LOG", "SENTRIAL_DISABLED",
	}
	ownVariables = []string{"SENTRIAL_ADDR", "SENTRIAL_DB", "SENTRIAL_OTLP_HTTP", "SENTRIAL_OTLP_GRPC", configVariable}
)

// configuration tells the settings of this command and where each is from.
func (x *examination) configuration(context.Context) finding {
	key := x.app.origin(x.cmd, "api-key", variables["api-key"]...)
	parts := []string{x.from("url"), x.from("project")}
	if x.file != "" {
		parts[0] = fmt.Sprintf("file %s (%s)", x.file, x.app.origin(x.cmd, "db", variables["db"]...).from)
	}
	switch {
	case key.value == "":
		parts = append(parts, "no key")
	case x.file == "" && x.app.keptBack(x.cmd, key):
		parts = append(parts, fmt.Sprintf("key %s (%s), kept back from this server", masked(key.value), key.from))
	default:
		parts = append(parts, fmt.Sprintf("key %s (%s)", masked(key.value), key.from))
	}
	path, _ := x.app.configPath()
	if x.app.file.path == "" {
		path = "none at " + path
	}
	parts = append(parts, "configuration file "+path)
	if x.unusable != nil {
		return finding{
			Verdict: failed, exit: exitUnreachable, Detail: x.unusable.Error() + ": " + strings.Join(parts[1:], ", "),
			Hint: "Correct the setting where it is from; a URL is, for example, " + defaultURL + ".",
		}
	}
	return finding{Verdict: well, Detail: strings.Join(parts, ", ")}
}

func (x *examination) from(flag string) string {
	o := x.app.origin(x.cmd, flag, variables[flag]...)
	if o.value == "" {
		return "no " + flag
	}
	return fmt.Sprintf("%s %s (%s)", flag, o.value, o.from)
}

// environment finds variables that nobody reads: a misspelt one does nothing, without a word.
func (x *examination) environment(context.Context) finding {
	var set, unknown []string
	for _, pair := range os.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		switch {
		case !strings.HasPrefix(name, "SENTRIAL_") || value == "":
		case slices.Contains(sdkVariables, name) || slices.Contains(ownVariables, name):
			set = append(set, name)
		default:
			unknown = append(unknown, name)
		}
	}
	slices.Sort(set)
	slices.Sort(unknown)
	if len(unknown) > 0 {
		return finding{
			Verdict: doubt, Detail: "nobody reads " + strings.Join(unknown, ", "),
			Hint: "Look for a misspelling; the SDK's package documentation and `sentrial --help` name the variables.",
		}
	}
	if len(set) == 0 {
		return finding{Verdict: well, Detail: "no SENTRIAL_ variable is set"}
	}
	return finding{Verdict: well, Detail: "set: " + strings.Join(set, ", ")}
}

// sdk has the SDK read this environment, as it would in an agent that is started here. It sends nothing.
func (x *examination) sdk(ctx context.Context) finding {
	var said remarks
	client, err := sentrial.New(
		sentrial.WithSpool(""), // nothing of it is to be taken over
		sentrial.WithHTTPClient(&http.Client{Transport: nowhere{}}), sentrial.WithLogger(slog.New(&said)),
	)
	if err != nil {
		detail := strings.TrimPrefix(err.Error(), "sentrial: ")
		return finding{Verdict: failed, Detail: "an agent that is started here fails at sentrial.New: " + detail, Hint: "Correct or unset the variable."}
	}
	_ = client.Close(ctx)
	to := x.app.getenv("SENTRIAL_API_URL")
	if to == "" {
		to = sdkURL + " (default)"
	}
	switch {
	case isTrue(x.app.getenv("SENTRIAL_DISABLED")):
		return finding{Verdict: doubt, Detail: "an agent that is started here records nothing: SENTRIAL_DISABLED is set", Hint: "Unset it to record."}
	case len(said) > 0:
		return finding{Verdict: doubt, Detail: "an agent that is started here would send to " + to + ", but says: " + strings.Join(said, "; ")}
	}
	return finding{Verdict: well, Detail: "an agent that is started here sends to " + to}
}

func isTrue(text string) bool {
	return slices.Contains([]string{"1", "t", "true"}, strings.ToLower(strings.TrimSpace(text)))
}

// remarks keep what a logger is told.
type remarks []string

func (r *remarks) Enabled(context.Context, slog.Level) bool { return true }
func (r *remarks) WithAttrs([]slog.Attr) slog.Handler       { return r }
func (r *remarks) WithGroup(string) slog.Handler            { return r }
func (r *remarks) Handle(_ context.Context, rec slog.Record) error {
	*r = append(*r, strings.TrimPrefix(rec.Message, "sentrial: "))
	return nil
}

// nowhere is a network that leads nowhere.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("nothing is sent")
}
