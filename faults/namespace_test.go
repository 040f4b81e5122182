//go:build netns && linux

package faults_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// namespace is a network namespace with one link to this one. What is done to its packets touches nobody else's.
type namespace struct {
	name          string
	outside       string // the end of the link in this namespace
	inside        string // the other end
	outsideIP, ip netip.Addr
}

// prefix begins the names of all that these tests make; the id of the process follows. The name of a link has room for 15 characters.
const prefix = "flt"

var namespaces atomic.Int64

// newNamespace makes a namespace that goes away with t.
func newNamespace(t *testing.T) *namespace {
	t.Helper()
	needs(t, "ip", "tc", "iptables")
	sweep(t)
	n := int(namespaces.Add(1))
	name := fmt.Sprintf("%s%d-%d", prefix, os.Getpid(), n)
	ns := &namespace{name: name, outside: name, inside: "inside"}
	ns.outsideIP, ns.ip = addresses(os.Getpid()*8 + n)
	sh(t, "ip", "netns", "add", ns.name)
	t.Cleanup(func() { sh(t, "ip", "netns", "del", ns.name) })
	sh(t, "ip", "link", "add", ns.outside, "type", "veth", "peer", "name", ns.inside, "netns", ns.name)
	t.Cleanup(func() { sh(t, "ip", "link", "del", ns.outside) })
	sh(t, "ip", "addr", "add", ns.outsideIP.String()+"/30", "dev", ns.outside)
	sh(t, "ip", "link", "set", ns.outside, "up")
	ns.sh(t, "ip", "addr", "add", ns.ip.String()+"/30", "dev", ns.inside)
	ns.sh(t, "ip", "link", "set", ns.inside, "up")
	return ns
}

// needs fails t unless it runs as root and finds the commands.
func needs(t *testing.T, commands ...string) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Fatal("this test makes a network namespace: run it as root, as in `sudo make faults`")
	}
	for _, command := range commands {
		if _, err := exec.LookPath(command); err != nil {
			t.Fatalf("this test needs the command %s: install the packages iproute2 and iptables", command)
		}
	}
}

// sweep removes the namespaces and links of test processes that were killed.
func sweep(t *testing.T) {
	t.Helper()
	names, _ := filepath.Glob("/run/netns/" + prefix + "*-*")
	for _, name := range names {
		if name = filepath.Base(name); orphan(name) {
			sh(t, "ip", "netns", "del", name)
		}
	}
	links, _ := filepath.Glob("/sys/class/net/" + prefix + "*-*")
	for _, name := range links { // a link lives on while a connection inside waits for its last packets
		if name = filepath.Base(name); orphan(name) {
			sh(t, "ip", "link", "del", name)
		}
	}
}

// orphan says whether a name is one of ours whose process is gone.
func orphan(name string) bool {
	pid, _, _ := strings.Cut(strings.TrimPrefix(name, prefix), "-")
	if _, err := strconv.Atoi(pid); err != nil {
		return false
	}
	_, err := os.Stat("/proc/" + pid)
	return errors.Is(err, fs.ErrNotExist)
}

// addresses gives the two hosts of the n-th of the networks of four addresses in 198.18.0.0/15, which no network outside a laboratory uses.
func addresses(n int) (outside, inside netip.Addr) {
	n = n % (1 << 15) * 4
	high, middle, low := byte(18+n>>16), byte(n>>8), byte(n)
	return netip.AddrFrom4([4]byte{198, high, middle, low + 1}), netip.AddrFrom4([4]byte{198, high, middle, low + 2})
}

// sh runs a command and returns what it says. When it fails, t does.
func sh(t *testing.T, command ...string) string {
	t.Helper()
	out, err := exec.Command(command[0], command[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(command, " "), err, out)
	}
	return string(out)
}

// sh runs a command inside.
func (ns *namespace) sh(t *testing.T, command ...string) string {
	t.Helper()
	return sh(t, ns.exec(command...)...)
}

func (ns *namespace) exec(command ...string) []string {
	return append([]string{"ip", "netns", "exec", ns.name}, command...)
}

// narrow limits both directions of the link, for all connections together: tc's words for the rate, such as 1mbit.
func (ns *namespace) narrow(t *testing.T, rate string) {
	t.Helper()
	shape := func(device string) []string {
		return []string{"tc", "qdisc", "add", "dev", device, "root", "tbf", "rate", rate, "burst", "16kb", "latency", "400ms"}
	}
	sh(t, shape(ns.outside)...)
	ns.sh(t, shape(ns.inside)...)
}

// drop throws packets of both directions away, all of them unless match says which.
func (ns *namespace) drop(t *testing.T, match ...string) {
	t.Helper()
	for _, rule := range [][]string{{"INPUT", "-i"}, {"OUTPUT", "-o"}} {
		ns.sh(t, append(append([]string{"iptables", "-w", "-A", rule[0], rule[1], ns.inside}, match...), "-j", "DROP")...)
	}
}

// restore ends what drop began, and fails t when no packet was dropped.
func (ns *namespace) restore(t *testing.T) {
	t.Helper()
	dropped := 0
	for line := range strings.Lines(ns.sh(t, "iptables", "-w", "-L", "-v", "-x", "-n")) {
		if fields := strings.Fields(line); len(fields) > 2 && fields[2] == "DROP" {
			packets, err := strconv.Atoi(fields[0])
			if err != nil {
				t.Fatalf("iptables counts %q packets, want a number", fields[0])
			}
			dropped += packets
		}
	}
	if t.Logf("%d packets were dropped", dropped); dropped == 0 {
		t.Error("no packet was dropped: this proves nothing")
	}
	ns.sh(t, "iptables", "-w", "-F")
}

// remote is a receiver in a namespace.
type remote struct {
	addr, file string
	stop       func() (connections int) // ends it; the file can be read then
}

// receive starts a receiver inside, in a process of its own.
func (ns *namespace) receive(t *testing.T) *remote {
	t.Helper()
	r := &remote{addr: netip.AddrPortFrom(ns.ip, 7437).String(), file: filepath.Join(t.TempDir(), "events.db")}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	args := ns.exec(self)
	child := exec.Command(args[0], args[1:]...)
	child.Env = append(os.Environ(), receiveEnv+"="+r.file, listenEnv+"="+r.addr)
	child.Stderr = os.Stderr
	stdin, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	t.Cleanup(func() {
		if !ended {
			_ = child.Process.Kill()
			_ = child.Wait()
		}
	})
	lines := bufio.NewReader(stdout)
	if line, err := lines.ReadString('\n'); err != nil || line != "ready\n" {
		t.Fatalf("the receiver said %q, %v, want that it is ready", line, err)
	}
	r.stop = func() (connections int) {
		ended = true
		return stopReceiver(t, child, stdin, lines)
	}
	return r
}

func stopReceiver(t *testing.T, child *exec.Cmd, stdin io.Closer, lines io.Reader) (connections int) {
	t.Helper()
	_ = stdin.Close()
	_, err := fmt.Fscan(lines, &connections)
	if waitErr := child.Wait(); err != nil || waitErr != nil {
		t.Fatalf("the receiver did not end well: %v, %v", err, waitErr)
	}
	return connections
}
