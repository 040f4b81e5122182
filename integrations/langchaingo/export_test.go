package langchaingo

var (
	UsageOf    = usageOf
	OneLine    = oneLine
	InputValue = inputValue
)

// Open counts the operations that are kept.
func Open() int {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	return threads.number
}

// Bound keeps fewer operations until it is called back.
func Bound(n int) (restore func()) {
	threads.mu.Lock()
	defer threads.mu.Unlock()
	before := maxOperations
	maxOperations = n
	return func() { Bound(before) }
}
