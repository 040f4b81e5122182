package server

import (
	"net/http"
	"sync"
)

// Bounds of streams: each holds a connection and asks the store twice a second.
const (
	maxProjectStreams = 100
	maxStreams        = 1000
)

// streams knows who follows which project, and wakes them.
type streams struct {
	mu       sync.Mutex
	open     int
	projects map[string]*projectStreams
}

// projectStreams are those of one project.
type projectStreams struct {
	open    int
	changed chan struct{} // closed at the next commit of this process
}

// enter admits a stream, which must leave.
func (s *streams) enter(project string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.projects[project]
	if s.open >= maxStreams || p != nil && p.open >= maxProjectStreams {
		return &apiError{
			status: http.StatusServiceUnavailable, code: codeUnavailable, retryAfter: "10",
			message: "too many streams are open already, close some or come again later",
		}
	}
	if p == nil {
		if s.projects == nil {
			s.projects = make(map[string]*projectStreams)
		}
		p = &projectStreams{changed: make(chan struct{})}
		s.projects[project] = p
	}
	p.open++
	s.open++
	return nil
}

func (s *streams) leave(project string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open--
	if p := s.projects[project]; p.open > 1 {
		p.open--
	} else {
		delete(s.projects, project)
	}
}

// change returns what is closed when something of the project was committed after this call. Only who has entered may ask.
func (s *streams) change(project string) <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.projects[project].changed
}

// wake tells the streams of a project that something was committed.
func (s *streams) wake(project string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p := s.projects[project]; p != nil {
		close(p.changed)
		p.changed = make(chan struct{})
	}
}

// count returns how many streams are open.
func (s *streams) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open
}
