//go:build !unix

package spool

import "os"

// syncDir does nothing: a directory is no file here, and nobody can ask for more.
func syncDir(*os.File) error { return nil }
