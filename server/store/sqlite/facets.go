package sqlite

import (
	"maps"
	"strings"

	"github.com/sentrial/sentrial-go/server/store"
)

// What a mark says that a session used, in the column facet.
const (
	facetModel = 1
	facetTool  = 2
)

// maxLabel bounds, in bytes, the names that rows and indexes keep beside the payload; longer ones are cut there and in filters alike.
const maxLabel = 256

// mark says that a session used a model or a tool.
type mark struct {
	session int64
	facet   int
	value   string
}

func (in *ingestion) markUses(session int64, e *store.Event) error {
	if e.Model != "" {
		if err := in.mark(mark{session, facetModel, label(e.Model)}); err != nil {
			return err
		}
	}
	if e.ToolName != "" {
		return in.mark(mark{session, facetTool, label(e.ToolName)})
	}
	return nil
}

// mark writes m once a batch.
func (in *ingestion) mark(m mark) error {
	if _, done := in.marked[m]; done || in.known.has(m) {
		return nil
	}
	if in.marked == nil {
		in.marked = make(map[mark]struct{})
	}
	in.marked[m] = struct{}{}
	return in.exec(in.stmt.insertMark, in.batch.Project, m.facet, m.value, m.session)
}

// knownMarks are some of the marks that are committed: writing one again would change nothing. A session that is removed takes its key along,
// which no other gets. Whoever has the writer's turn may use it.
type knownMarks struct{ set map[mark]struct{} }

// maxKnownMarks bounds the memory of a store by some MiB.
const maxKnownMarks = 50_000

func (k *knownMarks) has(m mark) bool {
	_, is := k.set[m]
	return is
}

func (k *knownMarks) add(marked map[mark]struct{}) {
	if len(k.set)+len(marked) > maxKnownMarks || k.set == nil {
		k.set = make(map[mark]struct{})
	}
	maps.Copy(k.set, marked)
}

func label(name string) string {
	if len(name) <= maxLabel {
		return name
	}
	return strings.Clone(strings.ToValidUTF8(name[:maxLabel], "")) // not to keep the whole name alive
}
