package server

import (
	"context"
	"log/slog"
	"runtime/debug"
)

// A fault in what reads spans must not end the server, nor come again at each start of it: what was sent by then is in the store.

// sparing reports whether do came to its end. If not, all that is held of the project is given up, and of the request k: it stays in the store's inbox, for the next process.
func (in *inbox) sparing(project string, k *kept, do func()) (well bool) {
	defer func() {
		if fault := recover(); fault != nil {
			in.giveUp(project, k)
			in.log.LogAttrs(context.Background(), slog.LevelError, "spans could not be put together: what is held of the project is left for the next start",
				slog.String("project", project), slog.Any("fault", fault), slog.String("stack", string(debug.Stack())))
		}
	}()
	do()
	return true
}

// giveUp forgets a project and the requests that it is not done with. These are never done: settle still counts the traces that were lost.
func (in *inbox) giveUp(project string, k *kept) {
	lost := make(map[*kept]bool)
	if k != nil {
		lost[k] = true
	}
	for _, t := range in.projects[project].open {
		for _, k := range t.requests {
			lost[k] = true
		}
	}
	for k := range lost {
		in.held -= k.size
	}
	delete(in.projects, project)
}
