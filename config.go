package sentrial

import (
	"context"
	"log/slog"
	"math"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/internal/httpx"
	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/spool"
	"github.com/sentrial/sentrial-go/types"
)

const (
	defaultAPIURL        = "https://api.realm.ai"
	defaultTimeout       = 30 * time.Second
	defaultMaxRetries    = 3
	defaultFlushInterval = time.Second
	defaultBatchBytes    = 512 << 10
	defaultQueueBytes    = 64 << 20
	defaultCloseTimeout  = 10 * time.Second

	maxBatchBytes = 4 << 20 // a larger batch would pass what servers take; more counts as this
)

// config is everything New decides on.
type config struct {
	apiKey            secret
	tokens            *tokens // in place of apiKey, nil without WithTokenSource
	projectID, apiURL string
	base              *url.URL // apiURL, parsed
	loopback          bool
	disabled          bool // SENTRIAL_DISABLED

	timeout, flushInterval, closeTimeout time.Duration
	maxRetries, batchBytes, queueBytes   int
	overflow                             Overflow
	compression                          Compression
	protocol                             Protocol
	service, release, environment        string
	content                              ContentMode
	spoolDir                             string
	spoolSync                            time.Duration // below 0: never
	syncSegment                          func(*spool.Segment) error
	leastSpool                           int64
	sampleRate                           float64
	prices                               func() *pricing.Table

	httpClient   *http.Client
	ownTransport *http.Transport // set when httpClient is the client's own

	logger   *slog.Logger
	logLevel slog.Level
	onDrop   func(Drop)
	redactor Redactor
	hooks    []Hook
}

// secret is a text that package fmt does not print with the struct that holds it: it shows a function as an address. (A pointer to the struct would not do, %s
// follows it.)
type secret func() string

func secretOf(text string) secret { return func() string { return text } }

func (s secret) text() string {
	if s == nil {
		return ""
	}
	return s()
}

func defaultConfig() *config {
	return &config{
		apiURL: defaultAPIURL, timeout: defaultTimeout, maxRetries: defaultMaxRetries, flushInterval: defaultFlushInterval,
		batchBytes: defaultBatchBytes, queueBytes: defaultQueueBytes, closeTimeout: defaultCloseTimeout, logLevel: levelUnset,
		sampleRate: 1, prices: pricing.Default, spoolSync: syncNever, syncSegment: (*spool.Segment).Sync, leastSpool: leastSpool,
	}
}

// newConfig takes the defaults, then the environment, then opts, and says what is wrong with the result.
func newConfig(opts []Option) (*config, error) {
	c := defaultConfig()
	if err := c.fromEnv(); err != nil {
		return nil, err
	}
	for _, o := range opts {
		if o != nil {
			o.applyClient(c)
		}
	}
	return c, c.validate()
}

// variable is one environment variable and what its value does to a config; want describes the values that set accepts.
type variable struct {
	name, want string
	set        func(c *config, value string) bool
}

var variables = []variable{
	{"SENTRIAL_API_KEY", "", func(c *config, v string) bool { c.apiKey = secretOf(v); return true }},
	{"SENTRIAL_PROJECT", "", func(c *config, v string) bool { c.projectID = v; return true }},
	{"SENTRIAL_PROJECT_ID", "", func(c *config, v string) bool { c.projectID = v; return true }}, // after SENTRIAL_PROJECT: it wins
	{"SENTRIAL_API_URL", "", func(c *config, v string) bool { c.apiURL = v; return true }},
	{"SENTRIAL_SERVICE", "", func(c *config, v string) bool { c.service = v; return true }},
	{"SENTRIAL_ENVIRONMENT", "", func(c *config, v string) bool { c.environment = v; return true }},
	{"SENTRIAL_RELEASE", "", func(c *config, v string) bool { c.release = v; return true }},
	{"SENTRIAL_TIMEOUT", wantDuration, func(c *config, v string) bool { return parseDuration(v, &c.timeout) }},
	{"SENTRIAL_FLUSH_INTERVAL", wantDuration, func(c *config, v string) bool { return parseDuration(v, &c.flushInterval) }},
	{"SENTRIAL_MAX_RETRIES", "a whole number, 0 or more", func(c *config, v string) bool { return parseInt(v, 0, math.MaxInt, &c.maxRetries) }},
	{"SENTRIAL_BATCH_BYTES", wantBytes, func(c *config, v string) bool { return parseInt(v, 1, math.MaxInt, &c.batchBytes) }},
	{"SENTRIAL_QUEUE_BYTES", wantBytes, func(c *config, v string) bool { return parseInt(v, 1, math.MaxInt, &c.queueBytes) }},
	{"SENTRIAL_OVERFLOW", "drop_oldest, drop_newest, degrade or block", func(c *config, v string) bool {
		return parseName(v, &c.overflow, map[string]Overflow{"drop_oldest": DropOldest, "drop_newest": DropNewest, "degrade": Degrade, "block": Block})
	}},
	{"SENTRIAL_COMPRESSION", "auto, none, gzip or zstd", func(c *config, v string) bool {
		return parseName(v, &c.compression, map[string]Compression{"auto": CompressionAuto, "none": CompressionNone, "gzip": CompressionGzip, "zstd": CompressionZstd})
	}},
	{"SENTRIAL_PROTOCOL", "auto, batch or hosted", func(c *config, v string) bool {
		return parseName(v, &c.protocol, map[string]Protocol{"auto": ProtocolAuto, "batch": ProtocolBatch, "hosted": ProtocolHosted})
	}},
	{"SENTRIAL_LOG", "debug, info, warn or off", func(c *config, v string) bool {
		return parseName(v, &c.logLevel, map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "off": levelOff})
	}},
	{"SENTRIAL_DISABLED", "true or false", func(c *config, v string) bool {
		disabled, err := strconv.ParseBool(v)
		c.disabled = disabled
		return err == nil
	}},
	{"SENTRIAL_CONTENT", "full, hashed or metadata", func(c *config, v string) bool {
		return parseName(v, &c.content, map[string]ContentMode{"full": ContentFull, "hashed": ContentHashed, "metadata": ContentMetadata})
	}},
	{"SENTRIAL_SAMPLE_RATE", wantRate, func(c *config, v string) bool {
		rate, err := strconv.ParseFloat(v, 64)
		c.sampleRate = rate
		return err == nil && isRate(rate)
	}},
	{"SENTRIAL_SPOOL_DIR", "", func(c *config, v string) bool { c.spoolDir = v; return true }},
	{"SENTRIAL_SPOOL_SYNC", wantSync, func(c *config, v string) bool {
		if v == "0" {
			c.spoolSync = 0
			return true
		}
		return parseDuration(v, &c.spoolSync)
	}},
}

func (c *config) fromEnv() error {
	for _, v := range variables {
		value := strings.TrimSpace(os.Getenv(v.name))
		if value != "" && !v.set(c, value) {
			return &OptionError{Name: v.name, Value: value, Want: v.want}
		}
	}
	return c.pricesFromEnv()
}

const wantBytes = "a number of bytes, 1 or more"

const wantSync = "a duration such as 100ms, or 0 for every event"

const wantDuration = "a duration above zero such as 500ms, or a number of seconds"

// parseDuration reads a Go duration; a bare number is seconds.
func parseDuration(s string, dst *time.Duration) bool {
	d, err := time.ParseDuration(s)
	if seconds, numErr := strconv.ParseFloat(s, 64); numErr == nil && seconds < 1e9 {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	*dst = d
	return err == nil && d > 0
}

func parseInt(s string, least, most int, dst *int) bool {
	n, err := strconv.Atoi(s)
	*dst = n
	return err == nil && n >= least && n <= most
}

func parseName[T any](s string, dst *T, names map[string]T) bool {
	v, ok := names[strings.ToLower(s)]
	if ok {
		*dst = v
	}
	return ok
}

func (c *config) validate() error {
	for _, check := range []struct {
		ok               bool
		name, value, say string
	}{
		{c.timeout > 0, "WithTimeout", c.timeout.String(), wantDuration},
		{c.flushInterval > 0, "WithFlushInterval", c.flushInterval.String(), wantDuration},
		{c.closeTimeout > 0, "WithCloseTimeout", c.closeTimeout.String(), wantDuration},
		{c.maxRetries >= 0, "WithMaxRetries", strconv.Itoa(c.maxRetries), "0 or more"},
		{c.batchBytes > 0, "WithBatchBytes", strconv.Itoa(c.batchBytes), wantBytes},
		{c.queueBytes > 0, "WithQueueBytes", strconv.Itoa(c.queueBytes), wantBytes},
		{c.overflow >= DropOldest && c.overflow <= Block, "WithOverflow", strconv.Itoa(int(c.overflow)), "one of the Overflow constants"},
		{c.compression >= CompressionAuto && c.compression <= CompressionZstd, "WithCompression", strconv.Itoa(int(c.compression)), "one of the Compression constants"},
		{c.protocol >= ProtocolAuto && c.protocol <= ProtocolHosted, "WithProtocol", strconv.Itoa(int(c.protocol)), "one of the Protocol constants"},
		{c.content.exists(), "WithContent", strconv.Itoa(int(c.content)), "ContentFull, ContentHashed or ContentMetadata"},
		{c.spoolSync >= syncNever, "WithSpoolSync", c.spoolSync.String(), wantSync},
		{isRate(c.sampleRate), "WithSampleRate", strconv.FormatFloat(c.sampleRate, 'g', -1, 64), wantRate},
		{!strings.ContainsFunc(c.apiKey.text(), notHeaderText), "SENTRIAL_API_KEY or WithAPIKey", "", "a key of visible ASCII characters (a line break in a secret file is the usual cause)"},
		{c.projectID == "" || types.ValidID(c.projectID), "SENTRIAL_PROJECT_ID, SENTRIAL_PROJECT or WithProjectID", c.projectID, "1 to 128 characters of [A-Za-z0-9_.:-]"},
		{!slices.ContainsFunc(c.hooks, isNoHook), "WithHook", "", "a value with OnStart or OnEnd as StartHook and EndHook declare them, or with OnClient as ClientHook does"},
	} {
		if !check.ok {
			return &OptionError{Name: check.name, Value: c.withoutKey(check.value), Want: check.say}
		}
	}
	return c.parseURL()
}

func notHeaderText(r rune) bool { return r <= ' ' || r > '~' }

func isNoHook(h Hook) bool {
	_, start := h.(StartHook)
	_, end := h.(EndHook)
	_, client := h.(ClientHook)
	return !start && !end && !client
}

func (c *config) parseURL() error {
	u, err := url.Parse(c.apiURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		value := c.withoutKey(c.apiURL)
		if err != nil || u.User != nil || u.RawQuery != "" {
			value = "" // it may hold a secret
		}
		return &OptionError{Name: "SENTRIAL_API_URL or WithAPIURL", Value: value, Want: "an http or https URL of scheme, host and path only, such as http://127.0.0.1:7437"}
	}
	u.Path = strings.TrimRight(u.Path, "/")
	c.base, c.loopback = u, httpx.Loopback(u)
	return nil
}

// withoutKey keeps a server that repeats the key, or a token, from putting it into our errors.
func (c *config) withoutKey(text string) string {
	for _, key := range append(c.tokens.seen(), c.apiKey.text()) {
		if len(key) >= shortestSecret {
			text = withoutEnd(strings.ReplaceAll(text, key, "[key]"), key)
		}
	}
	return text
}

// withoutEnd takes the beginning of the key off the end of a text, which may have been cut there.
func withoutEnd(text, key string) string {
	for n := len(key) - 1; n >= shortestSecret; n-- {
		if head, cut := strings.CutSuffix(text, key[:n]); cut {
			return head + "[key]"
		}
	}
	return text
}

// shortestSecret is the length below which a key is a stand-in, such as the x of a local server, that occurs in any text.
const shortestSecret = 4

// recordsNothing tells why a client with this config would record nothing, or "".
func (c *config) recordsNothing() string {
	if c.apiKey.text() == "" && c.tokens == nil && !c.loopback {
		return "no API key: nothing is recorded; set SENTRIAL_API_KEY or use WithAPIKey or WithTokenSource (a server on this machine needs none)"
	}
	return ""
}

const (
	levelOff   = slog.Level(1 << 10)
	levelUnset = slog.Level(-1 << 10)
)

// newLogger gives the logger that the client writes to. A logger of the program's own decides by itself what it shows unless SENTRIAL_LOG is set; slog's
// default shows warnings.
func (c *config) newLogger() *slog.Logger {
	l, level := c.logger, c.logLevel
	if l == nil {
		l = slog.Default()
		if level == levelUnset {
			level = slog.LevelWarn
		}
	}
	return slog.New(&leveled{l.Handler(), level})
}

// leveled hides records below a level from its handler.
type leveled struct {
	slog.Handler
	level slog.Level
}

func (h *leveled) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= h.level && h.Handler.Enabled(ctx, l)
}

func (h *leveled) WithAttrs(attrs []slog.Attr) slog.Handler {
	return &leveled{h.Handler.WithAttrs(attrs), h.level}
}

func (h *leveled) WithGroup(name string) slog.Handler {
	return &leveled{h.Handler.WithGroup(name), h.level}
}
