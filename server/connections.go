package server

import "time"

// Connections bounds what connections may take of a server that runs by [Server.Serve]. A zero field takes its default.
type Connections struct {
	HeaderTimeout  time.Duration // until a request's header has come; default 10 s
	RequestTimeout time.Duration // until its body has; default 1 min: it is at most some MiB
	ReplyTimeout   time.Duration // until its reply was taken; default 2 min
	IdleTimeout    time.Duration // between requests; default 2 min
	MaxHeaderBytes int           // default 64 KiB
}

func (c Connections) withDefaults() Connections {
	c.HeaderTimeout = orDefault(c.HeaderTimeout, 10*time.Second)
	c.RequestTimeout = orDefault(c.RequestTimeout, time.Minute)
	c.ReplyTimeout = orDefault(c.ReplyTimeout, 2*time.Minute)
	c.IdleTimeout = orDefault(c.IdleTimeout, 2*time.Minute)
	c.MaxHeaderBytes = orDefault(c.MaxHeaderBytes, 64<<10)
	return c
}

func orDefault[T int | time.Duration](value, standard T) T {
	if value <= 0 {
		return standard
	}
	return value
}
