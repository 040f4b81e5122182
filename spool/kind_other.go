//go:build !unix && !windows

package spool

func kindOf(error) error { return nil }
