package langchaingo

const MaxOperations = maxOperations

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
