package openai_test

import (
	"context"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/option"

	sentrialopenai "github.com/sentrial/sentrial-go/integrations/openai"
	"github.com/sentrial/sentrial-go/sentrialtest"
	"github.com/sentrial/sentrial-go/sentrialtest/fakellm"
)

// Azure's option sends requests to the deployment's own path by a middleware, so what is seen depends on the order of the options.
func TestAzureIsRecordedInAnyOrder(t *testing.T) {
	for name, order := range map[string]func(tracking option.RequestOption, azure ...option.RequestOption) []option.RequestOption{
		"tracking first": func(tracking option.RequestOption, azure ...option.RequestOption) []option.RequestOption {
			return append([]option.RequestOption{tracking}, azure...)
		},
		"tracking last": func(tracking option.RequestOption, azure ...option.RequestOption) []option.RequestOption {
			return append(azure, tracking)
		},
	} {
		t.Run(name, func(t *testing.T) {
			rec, fake := sentrialtest.New(t), serve(t, func(fakellm.Request) fakellm.Reply {
				return fakellm.Reply{Text: "from Azure", Model: "gpt-4o-2024-08-06"}
			})
			model := openai.NewClient(order(sentrialopenai.WithTracking(rec.Client()),
				azure.WithUnsafeAllowHTTP(), azure.WithEndpoint(fake.URL(), "2024-10-21"), azure.WithAPIKey("azure-secret"))...)
			inSession(t, rec, func(ctx context.Context) error { return say(ctx, model, "my-deployment") })
			if path, want := fake.Requests()[0].Path, "/openai/deployments/my-deployment/chat/completions"; path != want {
				t.Fatalf("sent to %s, want %s", path, want)
			}
			call := onlyCall(t, rec)
			if call.Model != "gpt-4o-2024-08-06" || call.RequestModel != "my-deployment" || text(call.OutputMessages[0]) != "from Azure" {
				t.Errorf("recorded %+v, want the answer of gpt-4o-2024-08-06, asked as my-deployment", call)
			}
			wantNoSecret(t, rec, "azure-secret")
		})
	}
}
