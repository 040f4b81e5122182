//go:build unix

package spool

import "syscall"

// noWait keeps the opening of a pipe, which somebody put in a file's place, from waiting for a writer.
const noWait = syscall.O_NONBLOCK
