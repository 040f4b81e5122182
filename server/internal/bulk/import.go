package bulk

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/sentrial/sentrial-go/server/internal/apiclient"
)

// Target takes events and knows them by their ids.
type Target interface {
	PostEvents(ctx context.Context, body []byte, n int) (apiclient.Receipt, error)
}

// Watcher hears how an import goes, on the goroutine of Import.
type Watcher interface {
	Progress(sum Summary)
	Waiting(why error, d time.Duration) // before a request is made again
}

// Import sends the events that in holds to a target, those of one session in order. While one batch is being stored the next is read. Its error means that the
// rest was not sent; importing the same again goes on, for what is stored is a duplicate then.
func Import(ctx context.Context, in io.Reader, target Target, watch Watcher) (Summary, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	batches := make(chan *batch, 1)
	failed := make(chan error, 1)
	go func() {
		failed <- read(ctx, in, batches)
		close(batches)
	}()
	im := &importer{target: target, watch: watch, sum: Summary{Reasons: []Reason{}}}
	err := im.sendAll(ctx, batches)
	if err == nil {
		err = <-failed
	}
	im.sum.Interrupted = err != nil
	return im.sum, err
}

// read makes batches of the events that in holds.
func read(ctx context.Context, in io.Reader, batches chan<- *batch) error {
	file, err := Open(in)
	if err != nil {
		return err
	}
	defer file.Close()
	p := newPile(file)
	for {
		e, err := file.Next()
		if err != nil {
			return errors.Join(give(ctx, p, batches), unlessEOF(err))
		}
		if p.take(e) {
			continue
		}
		if err := give(ctx, p, batches); err != nil {
			return err
		}
		p = newPile(file)
		p.take(e)
	}
}

// give hands over what p holds.
func give(ctx context.Context, p *pile, batches chan<- *batch) error {
	for _, b := range p.requests() {
		select {
		case batches <- b:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func unlessEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// importer is the sending half.
type importer struct {
	target Target
	watch  Watcher
	sum    Summary
	known  bool // the target has answered
}

// sendAll ends with the batches or with ctx, whichever comes first: a file that is a terminal may never give another line.
func (im *importer) sendAll(ctx context.Context, batches <-chan *batch) error {
	for {
		select {
		case b, more := <-batches:
			if !more {
				return nil
			}
			if err := im.account(ctx, b); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (im *importer) account(ctx context.Context, b *batch) error {
	for _, r := range b.wrong {
		im.sum.reject(r)
	}
	if len(b.events) > 0 {
		if err := im.send(ctx, b); err != nil {
			return err
		}
	}
	if b.last > 0 {
		im.sum.Last = b.place(b.last)
	}
	im.watch.Progress(im.sum)
	return nil
}

// send posts a batch, in halves when it is too large for the target.
func (im *importer) send(ctx context.Context, b *batch) error {
	receipt, err := im.post(ctx, b)
	refused, ok := errors.AsType[*apiclient.Error](err)
	switch {
	case ok && refused.Status == http.StatusRequestEntityTooLarge && len(b.events) > 1:
		first, second := b.halves()
		if err := im.send(ctx, first); err != nil {
			return err
		}
		return im.send(ctx, second)
	case ok && refused.Status == http.StatusRequestEntityTooLarge:
		im.sum.reject(Reason{At: b.place(b.numbers[0]), Code: refused.Code, Message: refused.Message})
		return nil
	case ok && refused.Status == http.StatusBadRequest:
		return fmt.Errorf("events from %s on: %w", b.place(b.numbers[0]), err)
	case err != nil:
		return err
	}
	im.settle(b, receipt)
	return nil
}

// post makes the request until the target has taken it. One that never answered is not waited for: it may be a wrong address.
func (im *importer) post(ctx context.Context, b *batch) (receipt apiclient.Receipt, err error) {
	body := b.body()
	err = apiclient.Retry(ctx, im.watch.Waiting, func(ctx context.Context) error {
		var err error
		receipt, err = im.target.PostEvents(ctx, body, len(b.events))
		if _, nobody := errors.AsType[*apiclient.UnreachableError](err); nobody && !im.known {
			return apiclient.Final(err)
		}
		im.known = true
		return err
	})
	return receipt, err
}

func (im *importer) settle(b *batch, receipt apiclient.Receipt) {
	im.sum.Accepted += receipt.Accepted
	im.sum.Duplicates += receipt.Duplicates
	taken := map[int]bool{}
	for _, r := range receipt.Rejected {
		if len(im.sum.Reasons) == maxReasons {
			im.sum.Rejected++ // where it is would not be told
			continue
		}
		reason := Reason{At: b.place(b.find(r, taken)), ID: r.ID, Code: r.Code, Message: r.Message}
		if strings.HasPrefix(r.ID, "#") {
			reason.ID = ""
		}
		im.sum.reject(reason)
	}
}
