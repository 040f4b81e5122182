package spool_test

import "runtime"

// keepsModes tells whether files have the permissions of Unix.
const keepsModes = runtime.GOOS != "windows"
