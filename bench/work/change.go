package work

// The caller goes on with its maps as soon as a call is recorded. An SDK that took a snapshot does not notice; with any other one, events show what was written
// later.

// Canary is what the caller writes: no call has such a value.
const Canary = 0.987654321

var canary any = int(987654321)

// Restore gives the maps their content, before the call is recorded.
func (t *Tool) Restore() {
	t.scores[0] = t.score
	t.Input["limit"] = t.limit
}

// Change overwrites the content, after the call was recorded.
func (t *Tool) Change() {
	t.scores[0] = Canary
	t.Input["limit"] = canary
}

// RestoreNumber and ChangeNumber leave the maps themselves alone and write to a slice in one. For SDKs that read the caller's maps later: writing to a map that
// another goroutine reads ends the process, while a number is at worst the wrong one.
func (t *Tool) RestoreNumber() { t.scores[0] = t.score }

// ChangeNumber is Change for SDKs that take no snapshot.
func (t *Tool) ChangeNumber() { t.scores[0] = Canary }
