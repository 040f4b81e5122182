package pricing_test

import (
	"bytes"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/sentrial/sentrial-go/pricing"
	"github.com/sentrial/sentrial-go/types"
)

var asked = []struct{ name, provider, model string }{
	{"exact", "openai", "gpt-4o"},
	{"prefix and suffix", "aws.bedrock", "us.anthropic.claude-sonnet-4-5-20250929-v1:0"},
	{"unknown", "ollama", "qwen3:8b"},
}

func TestLookingUpAllocatesNothing(t *testing.T) {
	usage := types.Usage{PromptTokens: 1234, CompletionTokens: 56}
	for _, a := range asked {
		pricing.Default().Cost(a.provider, a.model, usage)
		if n := testing.AllocsPerRun(100, func() { pricing.Default().Cost(a.provider, a.model, usage) }); n != 0 {
			t.Errorf("%s: %v allocations", a.name, n)
		}
		if n := testing.AllocsPerRun(100, func() { pricing.Default().LookUp(a.provider, a.model) }); n != 0 {
			t.Errorf("%s: looking up takes %v allocations", a.name, n)
		}
	}
}

// TestManyNamesAtOnce asks for more names than are remembered from several goroutines.
func TestManyNamesAtOnce(t *testing.T) {
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 3000 {
				if m, ok := pricing.Default().LookUp("", fmt.Sprintf("gpt-4o-%d", 20250101+i%28)); !ok || m.Name != "gpt-4o" {
					t.Errorf("%d: %+v", i, m)
				}
				if _, ok := pricing.Default().LookUp("", fmt.Sprint("gpt-4o-", i)); ok {
					t.Errorf("%d has a price", i)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkCost(b *testing.B) {
	usage := types.Usage{PromptTokens: 1234, CachedTokens: 1000, CompletionTokens: 56}
	for _, a := range asked {
		b.Run(a.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				pricing.Default().Cost(a.provider, a.model, usage)
			}
		})
	}
}

func BenchmarkFirstLookUp(b *testing.B) {
	data, err := os.ReadFile("prices.json")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("parse", func(b *testing.B) {
		for b.Loop() {
			if _, err := pricing.Parse(bytes.NewReader(data)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("new name", func(b *testing.B) {
		names := make([]string, 4096)
		for i := range names {
			names[i] = fmt.Sprintf("us.anthropic.claude-sonnet-4-5-2025092%d-v%d:0", i%10, i)
		}
		for i := 0; b.Loop(); i++ {
			pricing.Default().LookUp("aws.bedrock", names[i%len(names)])
		}
	})
}
