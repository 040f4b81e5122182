package genai

import "github.com/sentrial/sentrial-go/internal/genaiwords"

// providerOfHost gives the provider whose host it is; "" when that is not known.
func providerOfHost(host string) string { return genaiwords.ProviderOfHost(host) }
