package server

import (
	"net/http"
	"strconv"
)

// replyWriter remembers the status and the size of a reply.
type replyWriter struct {
	http.ResponseWriter
	status int // 0 = no reply
	bytes  int64
}

func (w *replyWriter) WriteHeader(status int) {
	if w.status < http.StatusOK { // what came before only informed
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *replyWriter) Write(p []byte) (int, error) {
	if !w.begun() {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(p)
	w.bytes += int64(n)
	return n, err
}

// Flush implements http.Flusher, for streams.
func (w *replyWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap lets http.ResponseController find what the connection can do.
func (w *replyWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// begun reports whether the client may have a part of the reply.
func (w *replyWriter) begun() bool { return w.status >= http.StatusOK }

// clientGone is what proxies call a request whose client went away. Nobody gets it as a reply.
const clientGone = 499

// outcome is the status as it is counted. It is 200 for a reply without a header of its own, as net/http has it.
func (e *exchange) outcome() string {
	switch {
	case e.gone && e.reply.status >= http.StatusInternalServerError:
		return strconv.Itoa(clientGone)
	case e.reply.status == 0:
		return strconv.Itoa(http.StatusOK)
	}
	return strconv.Itoa(e.reply.status)
}
