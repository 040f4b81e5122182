package sentrial

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/sentrial/sentrial-go/internal/jsonenc"
	"github.com/sentrial/sentrial-go/types"
)

// scratch is where a record is made, outside every lock, before it is copied into its slab, with whatever else an event takes.
type scratch struct {
	recordWriter
	ids      idMaker
	hex      hexIDs
	json     jsonenc.Encoder
	like     uint32 // names what the values of this event are like, see likeness
	mode     ContentMode
	shard    uint8    // a hint: the one of a slab that was free the last time
	estimate estimate // of the call's cost
	bare     bool     // the record keeps its content, but what comes of it will be sent without
}

var scratches = sync.Pool{New: func() any { return &scratch{ids: newIDMaker()} }}

// maxPooledScratch keeps one huge event from holding its memory for ever.
const maxPooledScratch = 1 << 20

func newScratch() *scratch { return scratches.Get().(*scratch) }

func (s *scratch) free() {
	if cap(s.buf) > maxPooledScratch {
		return
	}
	s.buf, s.notes, s.uncut, s.mode, s.bare = s.buf[:0], s.notes[:0], false, ContentFull, false
	s.estimate = estimate{}
	scratches.Put(s)
}

// snapshot writes e, which carries p, as one record and returns it; it aliases the scratch. Nothing in it refers to the caller's memory any more.
func (s *scratch) snapshot(p *payload, e *types.Event, flags byte) []byte {
	s.buf, s.notes, s.like = s.buf[:0], s.notes[:0], 0
	s.begin(flags)
	s.text(tagID, e.ID)
	s.text(tagType, string(e.Type))
	s.text(tagSessionID, e.SessionID)
	s.name(tagParentID, e.ParentID)
	s.count(tagSeq, e.Seq)
	s.time(tagTimestamp, e.Timestamp)
	s.duration(tagDuration, e.Duration)
	s.status(e.Type, e.Status)
	s.name(tagTraceID, e.TraceID)
	s.name(tagSpanID, e.SpanID)
	s.payload(p)
	s.extra(e)
	s.withholdNotes()
	s.noteContent(e.Metadata)
	s.metadata(e.Metadata)
	s.end()
	return s.fit()
}

// metrics keeps the numbers that JSON has a form for.
func (s *scratch) metrics(m map[string]float64) {
	finite := m
	for name, v := range m {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			s.notes = append(s.notes, note{"omitted_metrics." + name, v})
			finite = nil
		}
	}
	if finite == nil {
		finite = maps.Clone(m)
		maps.DeleteFunc(finite, func(_ string, v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
	}
	if len(finite) > 0 {
		s.value(tagMetrics, finite)
	}
}

// status keeps a status of the wire. Another word would cost the whole event at the server, so it becomes unknown and stands in the metadata.
func (s *scratch) status(t types.EventType, status types.Status) {
	kept := statusOfWire(status)
	if t == types.EventSessionEnd && kept == types.StatusRunning { // an end that goes on is none
		kept = types.StatusUnknown
	}
	s.text(tagStatus, string(kept))
	if kept != status {
		s.omit(tagStatus, string(status))
	}
}

// statusOfWire is the status that is sent for one that may be any word.
func statusOfWire(status types.Status) types.Status {
	switch status {
	case "", types.StatusSuccess, types.StatusError, types.StatusCancelled, types.StatusUnknown, types.StatusRunning:
		return status
	}
	return types.StatusUnknown
}

// maxCost is far above what one call can cost. More, like less than nothing, is a mistake for which a server would refuse the event.
const maxCost = 1_000_000

// cost keeps an amount in USD; nil is unknown.
func (s *scratch) cost(usd *float64) {
	if usd != nil && (*usd < 0 || *usd > maxCost) {
		s.omit(tagCost, *usd)
		return
	}
	s.number(tagCost, usd)
}

// value keeps any value as JSON; nil is absent.
func (s *scratch) value(t tag, v any) {
	if v == nil {
		return
	}
	at := s.open(t, kindJSON)
	s.appendJSON(t, v)
	s.wrapReference(at)
	s.seal(at)
}

func (s *scratch) values(t tag, m map[string]any) {
	if len(m) == 0 {
		return
	}
	at := s.open(t, kindJSON)
	s.appendJSON(t, m)
	s.seal(at)
}

// appendJSON tells the encoder where the value stands.
func (s *scratch) appendJSON(t tag, v any) { s.buf = s.json.Append(s.buf, v, s.like+uint32(t)+1) }

func (s *scratch) strings(t tag, list []string) {
	if len(list) > 0 {
		s.value(t, list)
	}
}

// endOfTime is the beginning of 2262, the last year that Unix nanoseconds reach, in seconds.
const endOfTime = 9_214_646_400

// time keeps an instant. One that cannot be when an agent ran, and that servers refuse, is replaced by the time of recording.
func (s *scratch) time(t tag, v time.Time) {
	if sec := v.Unix(); sec < 0 || sec >= endOfTime {
		s.omit(t, sec)
		v = time.Now()
	}
	s.fixed(t, kindTime, uint64(v.UnixNano()))
}

// metadata comes last, when it is known what the SDK itself has to say there.
func (s *scratch) metadata(m map[string]any) {
	if len(m) == 0 && len(s.notes) == 0 && s.estimate.table == "" {
		return
	}
	at := s.open(tagMetadata, kindJSON)
	switch {
	case len(s.notes) > 0:
		s.noteEstimate(m)
		s.buf = jsonenc.Append(s.buf, withNotes(m, s.notes))
	case s.estimate.table != "":
		s.estimatedMetadata(m)
	default:
		s.appendJSON(tagMetadata, m)
	}
	s.seal(at)
}

func withNotes(m map[string]any, notes []note) map[string]any {
	all := make(map[string]any, len(m)+len(notes))
	maps.Copy(all, m)
	for _, n := range notes {
		all[n.name] = n.value
	}
	return all
}

// extra keeps fields and whole types that this version does not know (importers and bridges have them).
func (s *scratch) extra(e *types.Event) {
	if e.Raw != nil && !e.Type.Known() {
		s.members(e, s.rawMembers(e))
	} else if len(e.Extra) > 0 {
		s.members(e, e.Extra)
	}
}

func (s *scratch) rawMembers(e *types.Event) map[string]json.RawMessage {
	members := make(map[string]json.RawMessage)
	if err := json.Unmarshal(e.Raw, &members); err != nil {
		s.notes = append(s.notes, note{"omitted_raw", err})
	}
	maps.Copy(members, e.Extra)
	return members
}

func (s *scratch) members(e *types.Event, members map[string]json.RawMessage) {
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if s.has(name) || s.leavesOut(e, name) {
			continue
		}
		if !s.maySay(e, name, members[name]) {
			s.notes = append(s.notes, note{"omitted_" + name, slices.Clone(members[name])})
			continue
		}
		at := s.open(tagExtra, kindMember)
		s.buf = append(jsonenc.AppendString(s.buf, name), ':')
		s.buf = s.contentMember(s.buf, e, name, members[name])
		s.seal(at)
	}
}

// has tells whether the record being written holds a field of that name; metadata, which comes last, counts as held.
func (s *scratch) has(name string) bool {
	if name == tagNames[tagMetadata] {
		return true
	}
	for rest := s.buf[s.start+recordHeader:]; len(rest) > 0; {
		var f field
		f, rest = nextField(rest)
		if f.kind == kindMember {
			return false // these come after all others, once each
		}
		if tagNames[f.tag] == name {
			return true
		}
	}
	return false
}
