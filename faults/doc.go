// Package faults holds the tests of the client over networks that are really bad: a proxy that delays, slices, cuts and resets connections, and a network
// namespace with a slow or lossy link. The receiving side is the real server over a real file, so that "exactly once" is what its store says.
//
// It is a module of its own for the sake of what only these tests need, and a workspace of its own: nothing else depends on it. Tests that need root, ip, tc
// and iptables have the build tag netns; they run in `make faults`, the others in `make test`. The program in soak/ is what `make soak` runs.
package faults
