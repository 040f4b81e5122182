package sentrial

// ContentMode says how much of what was said leaves the process. See WithContent.
type ContentMode int

const (
	ContentFull     ContentMode = iota // all of it
	ContentHashed                      // its length and its SHA-256 in its place
	ContentMetadata                    // nothing of it
)

// WithContent chooses what becomes of the content of events: of all that a client records, of a session, or of one event and what nests inside it.
//
// Content is what people, models and tools said: inputs and outputs of tools, steps and sessions; prompts, responses, messages and tool definitions; reasoning,
// alternatives and what was chosen; the texts of errors, with their stack traces; summaries; the comment of a feedback; fields and event types that this
// version does not know, also where one has the name of a fact and is none. The rest is kept in every mode: ids, names and kinds, models with their parameters, counts, tokens, costs, times, statuses, finish
// reasons, types of errors and how the agent recovered, scores and labels, tags, metrics, and the metadata that the program gives. So give neither of them
// anything to hide.
//
// ContentMetadata leaves content away. ContentHashed puts a marker in its place, "[hashed: N bytes, sha256:HEX]" for a text and
// {"$hashed":{"bytes":N,"sha256":"HEX"}} for any other value, whose JSON is hashed with its names sorted. The same content gives the same hash, always and
// everywhere: who can guess a short text can prove it. An event recorded in either mode says so in its metadata, as content = hashed or metadata, unless the
// program has put something else there.
//
// The most specific setting wins: the event's own option, else that of the open span around it, else the session's, else the client's. Track methods and Record
// take no option, but heed the other three. The session's is given to CreateSession, Run or Session.Update, holds for all handles on the session in this
// process for what is recorded from then on, and passes on to sessions created under its context. A span that is open when its session is given a stricter
// mode ends in that one, and no copy of it is sent as running. Inside another session's context, or that of a span of another session, the stricter one of
// the span's mode and the session's holds. An error that leaves a span is recorded once more by what is around it, in the mode that holds there.
//
// No setting reaches another process: there WithContent has to be given again. A session's is forgotten with the session when 10,000 others were used since a
// handle on it was made; the handles that exist keep it.
//
// The mode is applied last: redactor and hooks, which run in the process, see the whole event. Default: SENTRIAL_CONTENT (full, hashed, metadata), else
// ContentFull. A mode that does not exist makes New fail; given to anything else it counts as ContentMetadata.
func WithContent(mode ContentMode) interface {
	Option
	AnyOption
} {
	return contentOption(mode)
}

type contentOption ContentMode

func (o contentOption) applyClient(c *config)        { c.content = ContentMode(o) }
func (o contentOption) applySession(s *sessionSetup) { s.content = o.setting() }
func (o contentOption) applyTool(s *toolSetup)       { s.content = o.setting() }
func (o contentOption) applyLLM(s *llmSetup)         { s.content = o.setting() }
func (o contentOption) applyStep(s *stepSetup)       { s.content = o.setting() }
func (o contentOption) applyError(s *errorSetup)     { s.content = o.setting() }

func (o contentOption) setting() contentSetting {
	if mode := ContentMode(o); mode.exists() {
		return contentSetting(mode) + 1
	}
	return contentUnknown
}

func (m ContentMode) exists() bool { return m >= ContentFull && m <= ContentMetadata }

// name is what the environment and the metadata call the mode.
func (m ContentMode) name() string { return [...]string{"full", "hashed", "metadata"}[m] }

// contentSetting is a mode that somebody chose, or that nobody did. Stricter ones are greater.
type contentSetting uint8

const (
	contentUnset   contentSetting = 0    // else 1 + the mode
	contentUnknown contentSetting = 0xff // not a mode: better nothing is sent than too much
)

// mode is for a setting that somebody made.
func (s contentSetting) mode() ContentMode {
	if s == contentUnknown {
		return ContentMetadata
	}
	return ContentMode(s - 1)
}

// checked logs it once if s was not a mode.
func (c *Client) checked(s contentSetting) contentSetting {
	if s == contentUnknown {
		c.warnOnce("content", "sentrial: WithContent was given a mode that does not exist, the content is left away; want ContentFull, ContentHashed or ContentMetadata")
	}
	return s
}

// contentOf is the mode of a session, where no option and no open span says otherwise.
func (c *Client) contentOf(st *sessionState) ContentMode {
	if set := st.contentSetting(); set != contentUnset {
		return set.mode()
	}
	return c.cfg.content
}

// contentIn is the mode of an event without an option of its own. Of a span around it that belongs to another session only strictness passes on.
func (c *Client) contentIn(sc *scope, sessionID string, st *sessionState) ContentMode {
	mode := c.contentOf(st)
	switch {
	case sc.content == contentUnset:
		return mode
	case sc.session.ID() == sessionID && !sc.foreign:
		return sc.content.mode()
	}
	return max(mode, sc.content.mode())
}

// inherited is what a session created in this scope takes over: what the spans around it say, else the session around it.
func (c *Client) inherited(sc *scope) contentSetting {
	around := sc.session
	if c.live() == nil || around == nil || around.sessionState == nil || sc.content != contentUnset && !sc.foreign {
		return sc.content
	}
	if sc.content != contentUnset && sc.content.mode() > c.contentOf(around.sessionState) {
		return sc.content
	}
	return around.contentSetting()
}

func (s *sessionState) contentSetting() contentSetting { return contentSetting(s.content.Load()) }

func (s *sessionState) setContent(set contentSetting) {
	if set != contentUnset {
		s.content.Store(uint32(set))
	}
}

// openedWith is for a session that is created. Opened again under its id, it stays as strict as it was unless it is told otherwise.
func (s *sessionState) openedWith(own, inherited contentSetting) {
	if own == contentUnset {
		own = max(inherited, s.contentSetting())
	}
	s.setContent(own)
}

// contentNow is the mode that a span is recorded in from now on: its own, or the strictest since its beginning.
func (o *openSpan) contentNow() ContentMode {
	if o.content != contentUnset && !o.foreign {
		return o.content.mode()
	}
	return max(o.mode, o.session.client.contentOf(o.session.sessionState))
}

// needsContent tells whether anybody will look at the content of a span when it ends.
func (o *openSpan) needsContent() bool {
	return o.mode != ContentMetadata || o.session.client.shaped
}
