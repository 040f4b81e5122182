//go:build !(darwin || dragonfly || freebsd || linux)

package spool

import "os"

func syncFile(f *os.File, _ []byte) error { return f.Sync() }
