package spool_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

func openOn(t testing.TB, d spool.Disk) *spool.Dir {
	t.Helper()
	dir, err := spool.OpenOn(func() (spool.Disk, error) { return d, nil }, spool.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// The system reports a failed write once, and drops the data. A later Sync that says nothing would be a lie.
func TestRow43AFailedSyncFailsForGood(t *testing.T) {
	for _, what := range []string{"sync", "syncdir"} {
		disk := newMemDisk(rand.New(rand.NewPCG(1, 1)))
		dir := openOn(t, disk)
		s := create(t, dir, 1024)
		disk.fail[what] = errTest
		if err := s.Sync(); !errors.Is(err, errTest) {
			t.Errorf("%s: Sync said %v", what, err)
		}
		delete(disk.fail, what)
		if err := s.Sync(); !errors.Is(err, errTest) {
			t.Errorf("%s: the second Sync said %v", what, err)
		}
		if err := s.Reuse(); !errors.Is(err, errTest) {
			t.Errorf("%s: Reuse said %v", what, err)
		}
		if err := create(t, dir, 1024).Sync(); err != nil {
			t.Errorf("%s: another segment: %v", what, err)
		}
	}
}

func TestTheNameIsSyncedOnce(t *testing.T) {
	disk := newMemDisk(rand.New(rand.NewPCG(1, 1)))
	s := create(t, openOn(t, disk), 1024)
	if err := s.Sync(); err != nil {
		t.Fatal(err)
	}
	disk.fail["syncdir"] = errTest
	if err := s.Sync(); err != nil {
		t.Errorf("the second Sync: %v", err)
	}
}

func TestCreateThatFails(t *testing.T) {
	disk := newMemDisk(rand.New(rand.NewPCG(1, 1)))
	disk.fail["create"] = errTest
	_, err := openOn(t, disk).Create(1024)
	if !errors.Is(err, errTest) {
		t.Errorf("the error is %v", err)
	}
}

// slowFile waits in Sync until it is told to go on.
type slowFile struct {
	spool.File
	began, proceed, closed chan struct{}
}

func (f slowFile) Sync() error {
	close(f.began)
	<-f.proceed
	return f.File.Sync()
}

func (f slowFile) Close() error {
	close(f.closed)
	return f.File.Close()
}

type slowDisk struct {
	spool.Disk
	file slowFile
}

func (d *slowDisk) Create(name string, size int64) (spool.File, error) {
	f, err := d.Disk.Create(name, size)
	d.file.File = f
	return d.file, err
}

func TestRemoveDoesNotWaitForASlowDisk(t *testing.T) {
	below, err := spool.SystemDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	file := slowFile{began: make(chan struct{}), proceed: make(chan struct{}), closed: make(chan struct{})}
	dir := openOn(t, &slowDisk{below, file})
	defer dir.Close()
	s := create(t, dir, 1024)
	var syncing sync.WaitGroup
	syncing.Go(func() {
		if err := s.Sync(); err != nil {
			t.Error(err)
		}
	})
	<-file.began
	if err := s.Remove(); err != nil {
		t.Error(err)
	}
	if n, err := dir.Bytes(); n != 0 || err != nil {
		t.Errorf("the directory has %d bytes (%v)", n, err)
	}
	select {
	case <-file.closed:
		t.Error("the file was closed under Sync's hands")
	default:
	}
	close(file.proceed)
	syncing.Wait()
	<-file.closed
}
