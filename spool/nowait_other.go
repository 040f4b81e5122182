//go:build !unix

package spool

const noWait = 0 // there are no pipes in folders
