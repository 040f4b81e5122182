package server

// noteIngest tells who wants to know what became of a request's events: the streams of the project.
func (s *Server) noteIngest(project string, _ *sentBatch, reply ingestReply, err error) {
	if err == nil && reply.Accepted > 0 {
		s.streams.wake(project)
	}
}
