package sentrial

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

// Option configures a Client. What is not given comes from the environment (see the package documentation), then from the default. Options win.
type Option interface{ applyClient(*config) }

type clientOption func(*config)

func (f clientOption) applyClient(c *config) { f(c) }

// WithAPIKey sets the bearer key. Default: SENTRIAL_API_KEY. Without one the client records nothing, except toward loopback, which needs no key.
func WithAPIKey(key string) Option {
	return clientOption(func(c *config) { c.apiKey = secretOf(key) })
}

// WithProjectID names the project that events belong to. Default: SENTRIAL_PROJECT_ID, then SENTRIAL_PROJECT, else the project of the key.
func WithProjectID(id string) Option {
	return clientOption(func(c *config) { c.projectID = id })
}

// WithAPIURL sets the base URL of the ingestion API. Default: SENTRIAL_API_URL, else https://api.realm.ai.
func WithAPIURL(url string) Option {
	return clientOption(func(c *config) { c.apiURL = url })
}

// WithTimeout bounds one request to the API, from the dial to the last byte of the reply. Default: SENTRIAL_TIMEOUT, else 30 s.
func WithTimeout(d time.Duration) Option {
	return clientOption(func(c *config) { c.timeout = d })
}

// WithMaxRetries sets how often a batch is sent again before it goes back to the front of the queue. It is never dropped for having failed. Default:
// SENTRIAL_MAX_RETRIES, else 3.
func WithMaxRetries(n int) Option {
	return clientOption(func(c *config) { c.maxRetries = n })
}

// WithFlushInterval sets the longest time an event waits for company before it is sent. Default: SENTRIAL_FLUSH_INTERVAL, else 1 s.
func WithFlushInterval(d time.Duration) Option {
	return clientOption(func(c *config) { c.flushInterval = d })
}

// WithBatchBytes sets how many bytes of events fill a batch, which is then sent at once. More than 4 MiB counts as 4 MiB. Default: SENTRIAL_BATCH_BYTES, else
// 512 KiB.
func WithBatchBytes(n int) Option {
	return clientOption(func(c *config) { c.batchBytes = n })
}

// WithQueueBytes bounds the memory that holds events not yet delivered. What happens above it is WithOverflow's choice; an event larger than all of it is
// refused. Default: SENTRIAL_QUEUE_BYTES, else 64 MiB.
func WithQueueBytes(n int) Option {
	return clientOption(func(c *config) { c.queueBytes = n })
}

// WithOverflow chooses what gives way when the queue is full. Default: SENTRIAL_OVERFLOW, else DropOldest.
func WithOverflow(o Overflow) Option {
	return clientOption(func(c *config) { c.overflow = o })
}

// WithSpool keeps the queue in files of dir, which is made with permissions 0700: an event whose Track method returned survives the end of the process, however that
// comes (a panic, os.Exit, kill -9), without a system call per event. A client that is made with the same dir delivers in the background what processes left there
// that are gone. Several processes may share it. When dir cannot be used, or its disk is full or slow, events wait in memory, and that is logged. Default: SENTRIAL_SPOOL_DIR,
// else none: the queue is in memory. docs/spool.md of the repository says more.
func WithSpool(dir string) Option {
	return clientOption(func(c *config) { c.spoolDir = dir })
}

// WithSpoolSync carries the spool to the disk that often, so that a power cut takes no more than what was recorded since; 0 is at every event, which then waits for
// the disk. Default: SENTRIAL_SPOOL_SYNC, else never: the operating system does it in its own time, within half a minute as a rule.
func WithSpoolSync(every time.Duration) Option {
	return clientOption(func(c *config) {
		c.spoolSync = every
		if every < 0 {
			c.spoolSync = syncNever - 1
		}
	})
}

// WithCompression chooses the encoding of request bodies. Default: SENTRIAL_COMPRESSION, else CompressionAuto.
func WithCompression(comp Compression) Option {
	return clientOption(func(c *config) { c.compression = comp })
}

// WithProtocol chooses the wire. Default: SENTRIAL_PROTOCOL, else ProtocolAuto.
//
// On the hosted wire a repeated event would be stored twice, so one whose reply was lost after it may have been read is counted as DropUncertain instead; reading
// sessions back is ErrUnsupported, copies of open spans are not sent, and a session cannot be handed to another process.
func WithProtocol(p Protocol) Option {
	return clientOption(func(c *config) { c.protocol = p })
}

// WithCloseTimeout bounds Flush and Close when their context has no deadline. Default: 10 s.
func WithCloseTimeout(d time.Duration) Option {
	return clientOption(func(c *config) { c.closeTimeout = d })
}

// WithService names the program that records: every batch carries it. Default: SENTRIAL_SERVICE, SENTRIAL_RELEASE (the version) and SENTRIAL_ENVIRONMENT.
func WithService(name, version, environment string) Option {
	return clientOption(func(c *config) { c.service, c.release, c.environment = name, version, environment })
}

// WithPrices sets the table by which the cost of an LLM call is estimated where the program gives none; nil estimates nothing. To lay prices of your own over those that are
// built in: pricing.Default().With(mine). An estimate is marked: cost_source is "estimated" in the event's metadata, and price_table the version of the table. Default: the file that
// SENTRIAL_PRICES names, laid over pricing.Default(), or that alone; with SENTRIAL_PRICES=off nothing.
func WithPrices(t *pricing.Table) Option {
	return clientOption(func(c *config) { c.prices = func() *pricing.Table { return t } })
}

// WithHTTPClient makes the client send through hc: its transport, jar and timeout are used, its CheckRedirect is not (redirects are never followed). hc itself
// is not changed and not closed. Default: a client of its own, closed by Close.
func WithHTTPClient(hc *http.Client) Option {
	return clientOption(func(c *config) { c.httpClient = hc })
}

// WithLogger sets where the client reports trouble; it logs each cause once. SENTRIAL_LOG (debug, info, warn, off) sets its level. Default: slog.Default at
// level warn.
func WithLogger(l *slog.Logger) Option {
	return clientOption(func(c *config) { c.logger = l })
}

// WithOnDrop hears of every event that is lost, and of every refused one but for DropSampled and DropClosed. Calls come one at a time from one goroutine,
// outside all locks, so f may record events itself; one that records an event for each drop while the queue is full feeds itself. f must not call Close, which
// waits for it.
func WithOnDrop(f func(Drop)) Option {
	return clientOption(func(c *config) { c.onDrop = f })
}

// WithRedactor lets r change every event before it reaches a buffer. See Redactor.
func WithRedactor(r Redactor) Option {
	return clientOption(func(c *config) { c.redactor = r })
}

// WithHook attaches h. It may be given more than once; hooks are called in that order. See Hook.
func WithHook(h Hook) Option {
	return clientOption(func(c *config) { c.hooks = append(c.hooks, h) })
}

// Redactor sees every event before it reaches a buffer or a disk, as a private copy: changing it never changes the caller's values. In the copy, payloads are
// what JSON makes of them: map[string]any, []any, string, bool, nil and numbers (float64, or json.Number where that would not be exact). Identity, time and order of the event are not its to change.
// When it returns an error or panics, the content is withheld, never sent as it was.
//
// A span is shown when it begins and again when it ends.
type Redactor interface {
	Redact(ctx context.Context, e *types.Event) error
}

// Hook is any of the one-method interfaces below, found by assertion.
type Hook any

// StartHook is told when an operation begins, before anything nested in it. The context it returns is the one nested work gets. It sees what the redactor left. That of
// a session_start is the one that CreateSession returns.
// It may write to e.Metadata, which is never nil, and set the trace; both stay when the operation is a span that ends later. What is inside the payload is the
// caller's and must not be changed.
type StartHook interface {
	OnStart(ctx context.Context, e *types.Event) context.Context
}

// EndHook is told when an operation has ended, with the context that OnStart returned. Track methods have their start and their end at once. It may change what
// a StartHook may.
type EndHook interface {
	OnEnd(ctx context.Context, e *types.Event)
}

// ClientHook is given the client that it is attached to, once, before New returns it: to look at its Stats, or to record through it. A client that records nothing
// is not shown.
type ClientHook interface {
	OnClient(c *Client)
}

// Overflow says what gives way when the queue is full.
type Overflow int

const (
	DropOldest Overflow = iota // the oldest queued events, a slab at a time, counted as dropped
	DropNewest                 // the new event, counted as refused
	Degrade                    // above 3/4 of the bound new events keep their facts and lose their bulky content, marked; above it DropOldest
	Block                      // wait, until the event fits or ctx is done
)

// Protocol is the wire that the client speaks.
type Protocol int

const (
	ProtocolAuto   Protocol = iota // batch, or hosted where the server turns out to know no batches
	ProtocolBatch                  // many events a request, with per-event acknowledgement
	ProtocolHosted                 // one resource a request, see docs/hosted-wire.md
)

// Compression of request bodies.
type Compression int

const (
	CompressionAuto Compression = iota // none toward loopback, else gzip level 1, zstd when the server announced it
	CompressionNone
	CompressionGzip
	CompressionZstd
)
