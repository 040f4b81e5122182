// Package platform is what the clients of agent platforms share: one request with its retries, whose reply is JSON, recorded as a tool call when a session is in
// the context.
//
// Nothing of ours is sent to a platform: no trace, no session. Nothing that a platform is sent goes elsewhere: redirects are not followed. What is recorded is what a
// client gives as [Request.Input] and [Request.Output], in which a [Secret] is "[hidden]".
package platform
