// Package pricing tells what a call of a language model cost: tokens times the prices of a table that is built in, dated, and may be laid over with a file of your own.
//
//	cost, ok := pricing.Default().Cost("openai", "gpt-4o-2024-08-06", types.Usage{PromptTokens: 1234, CompletionTokens: 56})
//	fmt.Println(cost, ok) // $0.003645 true
//
// A cost that is not known is never 0 and never the sum of a part of the tokens: it is unknown, and Table.Explain says why. A model is found by its exact name, or by what is left of it
// after a known prefix of a provider and a date, -latest or a listed suffix of a version are taken off, and never otherwise: gpt-4o-pro is not gpt-4o. What is taken off stands in
// prefixes.go and suffixes.go, whose prices hold where in places.go.
//
// All arithmetic is done with integers, in picodollars (1e-12 USD): a price of one dollar per million tokens is a million picodollars per token. Prices are read from
// their decimal digits, sums are checked for overflow, and a float64 is made once, of the sum.
//
// The package needs nothing but the standard library and package types. The prices are list prices per token and no more: tiers for long prompts, discounts for batches,
// cache writes that last longer, audio, images, searches and what you agreed with your provider are not in them.
package pricing
