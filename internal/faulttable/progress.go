package main

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// progress redraws the line below the table until stop is called. Without a terminal it does nothing.
func (p *printer) progress(jobs []*job) (stop func()) {
	if !p.live {
		return func() {}
	}
	began, stopped := time.Now(), make(chan struct{})
	var drawing sync.WaitGroup
	drawing.Go(func() {
		tick := time.NewTicker(200 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				p.draw(jobs, time.Since(began))
			case <-stopped:
				return
			}
		}
	})
	return func() {
		close(stopped)
		drawing.Wait()
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clear()
	}
}

func (p *printer) draw(jobs []*job, elapsed time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintf(p.err, "%.100s", progressText(jobs, p.settings.events, elapsed))
}

// clear takes the progress line away.
func (p *printer) clear() {
	if p.live {
		fmt.Fprint(p.err, "\r\x1b[K")
	}
}

// progressText says how many rows are over, and how far the others are.
func progressText(jobs []*job, events int, elapsed time.Duration) string {
	over := 0
	var running []string
	for _, j := range jobs {
		switch done := int(j.done.Load()); {
		case j.over.Load():
			over++
		case done >= events:
			running = append(running, j.row.name+" closing")
		case done > 0:
			running = append(running, fmt.Sprintf("%s %d%%", j.row.name, 100*done/events))
		}
	}
	return fmt.Sprintf("%ds  %d of %d rows  %s", int(elapsed.Seconds()), over, len(jobs), strings.Join(running, ", "))
}
