package httptap

import "io"

// observed is body with an attempt that sees what is read of it, as it is read.
func observed(inner io.ReadCloser, a *attempt) io.ReadCloser {
	b := &body{inner, a}
	if to, ok := inner.(io.WriterTo); ok {
		return &writerToBody{b, to}
	}
	return b
}

type body struct {
	io.ReadCloser
	attempt *attempt
}

// Read gives what the body below gives, in the same pieces.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.attempt.saw(p, n, err)
	return n, err
}

// Close closes the body below.
func (b *body) Close() error {
	b.attempt.closing.Store(true)
	err := b.ReadCloser.Close()
	b.attempt.closed()
	return err
}

// writerToBody is for bodies that write themselves, which io.Copy makes use of.
type writerToBody struct {
	*body
	to io.WriterTo
}

// WriteTo lets the body below write itself.
func (b *writerToBody) WriteTo(w io.Writer) (int64, error) {
	n, err := b.to.WriteTo(&observedWriter{w, b.attempt})
	if err == nil {
		b.attempt.saw(nil, 0, io.EOF)
	}
	return n, err
}

type observedWriter struct {
	io.Writer
	attempt *attempt
}

func (w *observedWriter) Write(p []byte) (int, error) {
	n, err := w.Writer.Write(p)
	w.attempt.saw(p, n, nil)
	return n, err
}
