// Package hermetic lets sentrialtest make a client that does not read the environment: a developer's SENTRIAL_* variables must not decide whether a test
// passes. It is a package of its own because a public option for it would tempt programs to use it.
package hermetic

// NewClient makes a *sentrial.Client from sentrial.Option values without looking at the environment. Package sentrial sets it when it is loaded.
var NewClient func(options []any) (client any, err error)
