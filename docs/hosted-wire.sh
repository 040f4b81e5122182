#!/usr/bin/env bash
# Goes through all of the hosted wire against a server that runs: each route, each type of event, both ends of a session, each error.
#
#   docs/hosted-wire.sh [URL]          URL, else $SENTRIAL_API_URL, else http://127.0.0.1:7437
#
# It prints every reply, and ends with 1 if one was not as expected. It needs curl; where there is jq, replies are easier to read.
set -euo pipefail
command -v curl >/dev/null || { echo 'hosted-wire.sh needs curl' >&2; exit 1; }

base=${1:-${SENTRIAL_API_URL:-http://127.0.0.1:7437}}
base=${base%/}
session='' reply='' failures=0 requests=0
media='application/json' header='X-Script: hosted-wire.sh'

# call METHOD PATH STATUS [BODY]: makes a request and checks the status of its reply.
# SESSION in the path or the body stands for the id that was kept, BIG in the body for 1,200,000 characters.
call() {
	local method=$1 path=${2//SESSION/$session} want=$3 body=${4-} status
	printf '\n%s %s %s\n' "$method" "$path" "$body"
	body=${body//SESSION/$session}
	[[ $body != *BIG* ]] || body=${body//BIG/$(printf '%01200000d' 0)}
	reply=$(printf '%s' "$body" | curl --disable --silent --show-error --max-time 30 --noproxy 127.0.0.1,localhost,::1 \
		--request "$method" --header "Content-Type:${media:+ $media}" --header "$header" --data-binary @- --write-out '\n%{http_code}' "$base$path") || true
	status=${reply##*$'\n'}
	[[ $status != 000 ]] || { printf 'there is no server at %s\n' "$base" >&2; exit 1; }
	reply=${reply%$'\n'*}
	media='application/json' header='X-Script: hosted-wire.sh' requests=$((requests + 1))
	printf '%s ' "$status"
	show
	[[ $status == "$want" ]] || fail "expected status $want, got $status"
}

show() {
	if ! command -v jq >/dev/null || ! printf '%s' "$reply" | jq . 2>/dev/null; then
		printf '%s\n' "$reply"
	fi
}

# expect TEXT: the last reply holds it.
expect() { [[ $reply == *"${1//SESSION/$session}"* ]] || fail "expected $1 in the reply"; }

# keep: the id in the last reply is SESSION from now on.
keep() {
	session=$(printf '%s' "$reply" | sed -n 's/.*"id":"\([^"]*\)".*/\1/p')
	[[ -n $session ]] || fail 'expected an id in the reply'
}

# as MEDIA, with HEADER: the next request has this Content-Type, this header.
as() { media=$1; }
with() { header=$1; }

fail() {
	printf '!! %s\n' "$1"
	failures=$((failures + 1))
}

# The lines below are all of one form, so that programs can read them too: single quotes, none inside.

# A session with one of everything. The server makes the ids.
call GET /healthz 200
expect '"hosted"'
call POST /api/sdk/sessions 200 '{"name":"script: everything","agentName":"support-agent","userId":"user_123","metadata":{"conversation_id":"conv_7","agent_version":"2.1","tags":["web"],"plan":"pro"}}'
expect '"name":"script: everything","agentName":"support-agent","userId":"user_123","status":"active","createdAt":"'
keep
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"llm_decision","reasoning":"nothing is known yet","alternativesConsidered":["search","ask back"],"confidence":0.85,"metadata":{"chosen":"search"}}'
expect '"sessionId":"SESSION","eventType":"llm_decision","toolName":null,"createdAt":"'
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"tool_call","toolName":"search_kb","toolInput":{"query":"password reset"},"toolOutput":{"articles":["KB-1"]},"reasoning":"look it up","estimatedCost":0.002,"traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","metadata":{"duration_ms":150.25,"region":"eu"}}'
expect '"eventType":"tool_call","toolName":"search_kb"'
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"tool_call","toolName":"charge","toolInput":{"value":"EUR 5"},"toolError":{"message":"card declined","type":"CardError"},"metadata":{"attempt":2}}'
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"error","toolError":{"message":"card declined","type":"CardError","stack_trace":"at charge()"},"metadata":{"recoverable":true,"recovery_action":"ask for another card"}}'
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"state_change","stateBefore":{"step":"cart"},"stateAfter":{"step":"checkout"}}'
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"tool_call","toolName":"llm:openai:gpt-4o","toolInput":{"messages":[{"role":"system","content":"be brief"},{"role":"user","content":"hi"}],"model":"gpt-4o","provider":"openai"},"toolOutput":{"content":"Hello.","tokens":{"prompt":1200,"completion":80,"total":1280},"cost_usd":0.0042},"estimatedCost":0.0042,"tokenCount":1280,"metadata":{"finish_reason":"stop"}}'
expect '"toolName":"llm:openai:gpt-4o"'

# A PATCH without a status changes what it names; one with a status ends the session. Sent again, either changes nothing.
call PATCH /api/sdk/sessions/SESSION 200 '{"userInput":"How do I reset my password?"}'
expect '"status":"active"'
call PATCH /api/sdk/sessions/SESSION 200 '{"status":"completed","success":true,"estimatedCost":0.01,"durationMs":2500,"promptTokens":1500,"completionTokens":80,"totalTokens":1580,"customMetrics":{"satisfaction":4.5},"assistantOutput":"With the link in KB-1."}'
expect '"status":"completed"'
expect '"success":true,"estimatedCost":0.01,"promptTokens":1500,"completionTokens":80,"totalTokens":1580'
call PATCH /api/sdk/sessions/SESSION 200 '{"status":"completed","success":true,"estimatedCost":0.01,"durationMs":2500,"promptTokens":1500,"completionTokens":80,"totalTokens":1580,"customMetrics":{"satisfaction":4.5},"assistantOutput":"With the link in KB-1."}'
expect '"totalTokens":1580'

# A session that ended takes more events.
call POST /api/sdk/events 200 '{"sessionId":"SESSION","eventType":"error","toolError":{"message":"too late"}}'

# What is wrong is said, and nothing of it is stored. Errors are flat: a code and a message.
call POST /api/sdk/events 400 '{"sessionId":"SESSION","eventType":"llm_call"}'
expect '{"error":"validation_error","message":"eventType: expected tool_call, llm_decision, state_change or error, got \"llm_call\""}'
call POST /api/sdk/events 400 '{"eventType":"error"}'
expect 'sessionId is missing'
call POST /api/sdk/events 400 '{"sessionId":"SESSION"}'
expect 'eventType is missing'
call POST /api/sdk/sessions 400 '{"agentName":"a","userId":"u"}'
expect '"message":"name is missing'
call POST /api/sdk/sessions 400 '{"name":"n","userId":"u"}'
expect 'agentName is missing'
call POST /api/sdk/sessions 400 '{"name":"n","agentName":"a","userId":""}'
expect 'userId is missing'
call POST /api/sdk/events 400 '{"sessionId":"SESSION","eventType":"error","metadata":["a"]}'
expect 'metadata: expected an object, got an array'
call POST /api/sdk/events 400 '{"sessionId":"SESSION","eventType":"tool_call","estimatedCost":"cheap"}'
expect 'estimatedCost: expected a number of US dollars'
call POST /api/sdk/events 400 '{"sessionId":"SESSION","sessionId":"SESSION","eventType":"error"}'
expect 'occurs twice'
call PATCH /api/sdk/sessions/SESSION 400 '{"status":"done"}'
expect 'status: expected completed or failed'
call POST /api/sdk/events 400 '{"sessionId":'
expect 'invalid JSON at byte 13'
call POST /api/sdk/events 400 '["an event"]'
expect 'the body must be a JSON object, not an array'
call POST /api/sdk/events 413 '{"sessionId":"SESSION","eventType":"tool_call","toolOutput":{"text":"BIG"}}'
expect '{"error":"payload_too_large","message":"'
as 'application/x-www-form-urlencoded'
call POST /api/sdk/events 415 '{"sessionId":"SESSION","eventType":"error"}'
expect '{"error":"unsupported_media_type","message":"'

# Sessions and routes that are not there. A session is known in its project only.
call POST /api/sdk/events 404 '{"sessionId":"sess_nobody","eventType":"error"}'
expect '{"error":"not_found","message":"no session \"sess_nobody\" in this project"}'
call PATCH /api/sdk/sessions/sess_nobody 404 '{"status":"completed"}'
expect '{"error":"not_found","message":"'
with 'X-Sentrial-Project: another'
call POST /api/sdk/events 404 '{"sessionId":"SESSION","eventType":"error"}'
call GET /api/sdk/sessions/SESSION 405
expect '{"error":"method_not_allowed","message":"method GET is not allowed here, use PATCH"}'
call POST /api/sdk/nothing 404 '{}'
expect '{"error":"not_found","message":"no such route'

# The other ends: failed, and completed without success.
call POST /api/sdk/sessions 200 '{"name":"script: failed","agentName":"support-agent","userId":"user_123"}'
keep
call PATCH /api/sdk/sessions/SESSION 200 '{"status":"failed","success":false,"failureReason":"the card was declined","estimatedCost":0.5}'
expect '"status":"failed"'
expect '"failureReason":"the card was declined"'
as ''
call POST /api/sdk/sessions 200 '{"name":"script: no success","agentName":"support-agent","userId":"anonymous"}'
keep
call PATCH /api/sdk/sessions/SESSION 200 '{"status":"completed","success":false}'
expect '"status":"failed"'

printf '\n%d requests, %d not as expected\n' "$requests" "$failures"
((failures == 0))
