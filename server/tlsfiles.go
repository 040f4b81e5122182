package server

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// TLSFiles returns a configuration for [Config.TLS] with the certificate chain and key of two PEM files, from TLS 1.2 on. They are read
// again when they change; while they cannot be read, the last ones stay.
func TLSFiles(certFile, keyFile string) (*tls.Config, error) {
	f := &tlsFiles{certFile: certFile, keyFile: keyFile}
	if err := f.read(); err != nil {
		return nil, fmt.Errorf("TLS certificate %s with key %s: %w", certFile, keyFile, err)
	}
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: f.certificate}, nil
}

type tlsFiles struct {
	certFile, keyFile string

	mu      sync.Mutex
	cert    *tls.Certificate
	changed time.Time // of the files
	looked  time.Time
}

func (f *tlsFiles) certificate(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if now := time.Now(); now.Sub(f.looked) >= time.Second {
		f.looked = now
		_ = f.read() // half written: the next look sees it whole
	}
	return f.cert, nil
}

// read takes the files if they changed.
func (f *tlsFiles) read() error {
	changed, err := f.lastChange()
	if err != nil || (f.cert != nil && changed.Equal(f.changed)) {
		return err
	}
	cert, err := tls.LoadX509KeyPair(f.certFile, f.keyFile)
	if err != nil {
		return err
	}
	f.cert, f.changed = &cert, changed
	return nil
}

func (f *tlsFiles) lastChange() (last time.Time, err error) {
	for _, name := range []string{f.certFile, f.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return last, err
		}
		if info.ModTime().After(last) {
			last = info.ModTime()
		}
	}
	return last, nil
}
