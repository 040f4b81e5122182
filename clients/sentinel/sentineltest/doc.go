// Package sentineltest is a Sentinel in the same process, for tests of agents that use one.
//
//	platform := sentineltest.Start(t)
//	client, err := sentinel.New(platform.URL(), sentinel.WithAccessToken(platform.Token()))
//
// It holds to the documentation: access tokens are checked and can expire, uploads are parsed and limited, documents are processed step by step, the chat answers
// and remembers, and too many requests are refused for as long as the window is full. Where the documentation is silent it does what such APIs do.
//
// What goes wrong on the way is up to the test: [Server.Inject] and [Server.InjectFunc] have faults of all kinds, [Server.FailProcessing] fails a document. What
// was asked is in [Server.Requests], [Server.Documents] and [Server.Messages].
//
// A Server is an http.Handler, so it works in whatever serves one. It is safe for concurrent use.
package sentineltest
