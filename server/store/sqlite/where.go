package sqlite

import (
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/types"
)

// where gathers conditions and their arguments. Values only ever travel as arguments.
type where struct {
	conditions []string
	args       []any
}

func (w *where) add(condition string, args ...any) {
	w.conditions = append(w.conditions, condition)
	w.args = append(w.args, args...)
}

// equal adds nothing for an empty value.
func (w *where) equal(column, value string) {
	if value != "" {
		w.add(column+` = ?`, value)
	}
}

// status asks for sessions that are shown with a status: see [store.Session.StatusAt].
func (w *where) status(column string, status types.Status, idleBefore time.Time) {
	switch {
	case status == types.StatusAbandoned && idleBefore.IsZero():
		w.add(`FALSE`)
	case status == types.StatusAbandoned:
		w.add(column+` = 'active' AND s.last_received_at < ?`, idleBefore.UnixNano())
	case status == types.StatusActive && !idleBefore.IsZero():
		w.add(column+` = 'active' AND s.last_received_at >= ?`, idleBefore.UnixNano())
	default:
		w.equal(column, string(status))
	}
}

// uses asks for sessions that have a mark.
func (w *where) uses(project string, facet int, value string) {
	if value != "" {
		w.add(`EXISTS (SELECT 1 FROM session_facets f WHERE f.project = ? AND f.facet = ? AND f.value = ? AND f.session_key = s.key)`,
			project, facet, label(value))
	}
}

var likeEscaper = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

// contains asks for word, taken literally, in any of a session's texts. LIKE ends its texts at a NUL, so nothing contains one.
func (w *where) contains(word string) {
	if strings.ContainsRune(word, 0) {
		w.add(`FALSE`)
		return
	}
	pattern := "%" + likeEscaper.Replace(word) + "%"
	columns := []string{`s.id`, `s.name`, `s.agent_name`, `s.user_id`, `s.conversation_id`, `s.summary`}
	var args []any
	for i, column := range columns {
		columns[i] = column + ` LIKE ? ESCAPE '\'`
		args = append(args, pattern)
	}
	w.add(`(`+strings.Join(columns, ` OR `)+`)`, args...)
}

func (w *where) String() string { return ` WHERE ` + strings.Join(w.conditions, ` AND `) }
