package genai

// once is what is costly to read and asked for more than once.
type once[T any] struct {
	done  bool
	value T
}

func (o *once[T]) get(read func() T) T {
	if !o.done {
		o.done, o.value = true, read()
	}
	return o.value
}
