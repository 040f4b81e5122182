package spool_test

import (
	"slices"
	"testing"

	"github.com/sentrial/sentrial-go/spool"
)

// states are the frames of a scan in short.
func states(f spool.Frames) []spool.State {
	var all []spool.State
	for frame := range f.All() {
		all = append(all, frame.State)
	}
	return all
}

func wantStates(t *testing.T, f spool.Frames, want ...spool.State) {
	t.Helper()
	if got := states(f); !slices.Equal(got, want) {
		t.Errorf("the scan found %v, want %v", got, want)
	}
}

func TestScanOfNothing(t *testing.T) {
	for _, n := range []int{0, 1, 7, 8, 15, 16, 17, 100} {
		wantStates(t, spool.Keyed(make([]byte, n), 1))
	}
}

func TestAnUnfinishedRecordCostsNoOther(t *testing.T) {
	f := spool.Keyed(make([]byte, 256), 1)
	_, end := put(t, f, 0, "one")
	copy(f.Put(end, 100), "half")
	put(t, f, end+spool.FrameBytes(100), "three")
	wantStates(t, f, spool.Committed, spool.Unfinished, spool.Committed)
}

// A system that writes frames as they are committed, and a power cut, can leave a hole.
func TestAHoleIsUnfinished(t *testing.T) {
	f := spool.Keyed(make([]byte, 256), 1)
	_, end := put(t, f, 0, "one")
	put(t, f, end+40, "three")
	wantStates(t, f, spool.Committed, spool.Unfinished, spool.Committed)
}

func TestADamagedSizeCostsOneRecord(t *testing.T) {
	for _, size := range []byte{0, 1, 7, 200, 255} {
		f := spool.Keyed(make([]byte, 512), 1)
		places, _ := put(t, f, 0, "the first", "the second", "the third", "the fourth")
		f.Data()[places[1]] = size
		wantRecords(t, committed(f), "the first", "the third", "the fourth")
		wantStates(t, f, spool.Committed, spool.Damaged, spool.Committed, spool.Committed)
	}
}

// An agent may well read a spool file with a tool, and record what it read.
func TestAFrameInAPayloadIsNoFrame(t *testing.T) {
	inner := spool.Keyed(make([]byte, 128), 1)
	put(t, inner, 0, "inside", "inside too")

	for _, key := range []uint32{1, 2} { // even its own file, at another place
		f := spool.Keyed(make([]byte, 1024), key)
		places, _ := put(t, f, 0, "one", string(inner.Data()), "three")
		f.Data()[places[1]] ^= 0xff
		wantRecords(t, committed(f), "one", "three")
	}
}

func TestAStateSurvivesOneDamagedByte(t *testing.T) {
	for i := range 4 {
		for value := range 256 {
			f := spool.Keyed(make([]byte, 128), 1)
			places, _ := put(t, f, 0, "one", "two")
			f.Settle(places[0])
			f.Data()[places[0]+12+i] = byte(value)
			f.Data()[places[1]+12+i] = byte(value)
			wantStates(t, f, spool.Settled, spool.Committed)
		}
	}
}

// TestASizeAloneIsNoDamage: the writer died between the size and its check. Nothing was committed there, at the end and before other frames.
func TestASizeAloneIsNoDamage(t *testing.T) {
	f := spool.Keyed(make([]byte, 128), 1)
	places, _ := put(t, f, 0, "one", "two", "three")
	clear(f.Data()[places[1]+4 : places[2]])
	clear(f.Data()[places[2]+4:])
	wantStates(t, f, spool.Committed, spool.Unfinished) // both of them
}

func TestAScanCanBeBrokenOff(t *testing.T) {
	f := spool.Keyed(make([]byte, 128), 1)
	put(t, f, 0, "one", "two", "three")
	for frame := range f.All() {
		if string(frame.Payload) == "two" {
			break
		}
		if string(frame.Payload) == "three" {
			t.Error("the scan went on")
		}
	}
}

func TestStatesHaveNames(t *testing.T) {
	for state, want := range map[spool.State]string{
		spool.Unfinished: "unfinished", spool.Committed: "committed", spool.Settled: "settled", spool.Damaged: "damaged", 77: "damaged",
	} {
		if got := state.String(); got != want {
			t.Errorf("state %d is %q, want %q", state, got, want)
		}
	}
}

func TestADamagedEndIsCounted(t *testing.T) {
	for _, at := range []int{0, 4, 8} { // size, check, checksum
		f := spool.Keyed(make([]byte, 256), 1)
		places, _ := put(t, f, 0, "one", "two")
		f.Data()[places[1]+at] ^= 0x40
		wantStates(t, f, spool.Committed, spool.Damaged)
	}
}
