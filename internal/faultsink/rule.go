package faultsink

import "sync/atomic"

// Rule says how a request is answered: nil leaves it to the next rule of the plan.
type Rule func(x *Exchange) Step

// Step answers one request.
type Step func(x *Exchange)

// Sequence gives the first request that reaches it the first step, the second the second, and has nothing to say once all were used.
func Sequence(steps ...Step) Rule {
	var used atomic.Int64
	return func(*Exchange) Step {
		if n := used.Add(1); n <= int64(len(steps)) {
			return steps[n-1]
		}
		return nil
	}
}

// Times is Sequence of n times the same step.
func Times(n int, step Step) Rule {
	steps := make([]Step, n)
	for i := range steps {
		steps[i] = step
	}
	return Sequence(steps...)
}

// Always answers every request so.
func Always(step Step) Rule { return func(*Exchange) Step { return step } }

// When answers the requests that meet the condition so.
func When(met Condition, step Step) Rule {
	return func(x *Exchange) Step {
		if met(x) {
			return step
		}
		return nil
	}
}

// Then does one step after the other. It is for steps that do only a part, such as ReadBody, Commit and Wait, and a last one that answers.
func Then(steps ...Step) Step {
	return func(x *Exchange) {
		for _, step := range steps {
			step(x)
		}
	}
}
