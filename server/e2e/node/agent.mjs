// An agent that OpenTelemetry watches: a call of a model that fails, one that works and a tool, with what was said as attributes or, with CONTENT=logs, in log
// records alone. Where to send it is up to the OTEL_ variables.
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { logs } from "@opentelemetry/api-logs";
import { NodeSDK } from "@opentelemetry/sdk-node";

const sdk = new NodeSDK();
sdk.start();
const tracer = trace.getTracer("weather-agent");

const chat = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
};

function say(name, body) {
  logs.getLogger("openai").emit({ eventName: name, body, attributes: { "event.name": name, "gen_ai.system": "openai" } });
}

function inside(name, options, fn) {
  return tracer.startActiveSpan(name, options, (span) => {
    try {
      return fn(span);
    } finally {
      span.end();
    }
  });
}

inside("invoke_agent weather", { attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "weather", "user.id": "u1" } }, () => {
  inside("chat gpt-4o-mini", { kind: SpanKind.CLIENT, attributes: chat }, (span) => {
    span.recordException(new Error("429 too many requests"));
    span.setStatus({ code: SpanStatusCode.ERROR, message: "429 too many requests" });
  });
  inside("chat gpt-4o-mini", { kind: SpanKind.CLIENT, attributes: chat }, (span) => {
    span.setAttributes({ "gen_ai.usage.input_tokens": 78, "gen_ai.usage.output_tokens": 12, "gen_ai.response.finish_reasons": ["stop"] });
    if (process.env.CONTENT === "logs") {
      say("gen_ai.user.message", { content: "what is the weather" });
      say("gen_ai.choice", { index: 0, finish_reason: "stop", message: { role: "assistant", content: "it is sunny in Berlin" } });
      return;
    }
    span.setAttribute("gen_ai.input.messages", JSON.stringify([{ role: "user", parts: [{ type: "text", content: "what is the weather" }] }]));
    span.setAttribute("gen_ai.output.messages", JSON.stringify([{ role: "assistant", finish_reason: "stop", parts: [{ type: "text", content: "it is sunny in Berlin" }] }]));
  });
  inside("execute_tool get_weather", { attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "get_weather", "gen_ai.tool.call.arguments": '{"city":"Berlin"}' } }, () => {});
});

await sdk.shutdown();
