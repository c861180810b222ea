using System.Text;
using System.Text.Json.Nodes;

namespace Coracle.Conformance.Tests;

/// <summary>What the webhooks of upstream's tests answer (test/images/agnhost/webhook, crd-conversion-webhook).</summary>
internal static class SampleAnswers
{
    private const string Key = "webhook-e2e-test", Disallowed = "webhook-disallow";

    public static void Serve(Cluster cluster)
    {
        Admission("/always-deny", _ => Deny("this webhook denies all requests"));
        Admission("/add-label", request => Patch("""[{"op":"add","path":"/metadata/labels","value":{"added-label":"yes"}}]"""));
        Admission("/configmaps", request => Data(request["object"]) == Disallowed ? Deny("the configmap contains unwanted key and value") : Allow());
        Admission("/mutating-configmaps", Mutate);
        Admission("/mutating-custom-resource", Mutate);
        Admission("/crd", request => (string?)request["object"]!["metadata"]!["labels"]?[Key] == Disallowed ? Deny("the crd contains unwanted label") : Allow());
        Admission("/pods/attach", request => request.Text("name") == "to-be-attached-pod" ? Deny("attaching to pod 'to-be-attached-pod' is not allowed") : Allow());
        Admission("/mutating-pods", request => request.Text("object.metadata.name") == "webhook-to-be-mutated"
            ? Patch("""[{"op":"add","path":"/spec/initContainers","value":[{"image":"webhook-added-image","name":"webhook-added-init-container","resources":{}}]}]""") : Allow());
        Admission("/custom-resource", request => request.Text("operation") == "DELETE"
            ? Data(request["oldObject"]) == "webhook-nondeletable" ? Deny("the custom resource cannot be deleted because it contains unwanted key and value") : Allow()
            : Data(request["object"]) == Disallowed ? Deny("the custom resource contains unwanted data") : Allow());
        cluster.Webhook.On("/pods", (review, cancel) => Pods(review, cancel));
        cluster.Webhook.On("/always-allow-delay-5s", async (review, cancel) =>
        {
            await Task.Delay(TimeSpan.FromSeconds(5), cluster.Clock.Time, cancel);
            return Answer(review, Allow());
        });
        cluster.Webhook.On("/crdconvert", (review, _) => ValueTask.FromResult(Convert(review)));

        void Admission(string path, Func<JsonObject, JsonObject> decide) => cluster.Webhook.On(path, (review, _) => ValueTask.FromResult(Answer(review, decide((JsonObject)review["request"]!))));
    }

    private static JsonObject Allow() => new() { ["allowed"] = true };
    private static JsonObject Deny(string message) => new() { ["allowed"] = false, ["status"] = new JsonObject { ["message"] = message, ["reason"] = message } };
    private static JsonObject Patch(string operations) => new() { ["allowed"] = true, ["patchType"] = "JSONPatch", ["patch"] = System.Convert.ToBase64String(Encoding.UTF8.GetBytes(operations)) };
    private static string? Data(JsonNode? obj) => (string?)obj?["data"]?[Key];

    private static JsonObject Answer(JsonObject review, JsonObject response)
    {
        response["uid"] = review.Text("request.uid");
        return new() { ["apiVersion"] = review.Text("apiVersion"), ["kind"] = "AdmissionReview", ["response"] = response };
    }

    private static JsonObject Mutate(JsonObject request)
    {
        var operations = new List<string>();
        if (request.Text("object.data.mutation-start") == "yes") operations.Add("""{"op":"add","path":"/data/mutation-stage-1","value":"yes"}""");
        if (request.Text("object.data.mutation-stage-1") == "yes") operations.Add("""{"op":"add","path":"/data/mutation-stage-2","value":"yes"}""");
        return operations.Count == 0 ? Allow() : Patch($"[{string.Join(',', operations)}]");
    }

    private static async ValueTask<JsonObject> Pods(JsonObject review, CancellationToken cancel)
    {
        var pod = review["request"]!["object"]!;
        var message = "";
        foreach (var container in pod["spec"]!["containers"]!.AsArray())
        {
            if (container!.Text("name").Contains(Disallowed, StringComparison.Ordinal)) message += "the pod contains unwanted container name; ";
            if (container!.Text("name").Contains("wait-forever", StringComparison.Ordinal)) await Never(cancel);
        }
        if ((string?)pod["metadata"]!["labels"]?[Key] == Disallowed) message += "the pod contains unwanted label; ";
        return Answer(review, message.Length > 0 ? Deny(message) : Allow());
    }

    private static async Task Never(CancellationToken cancel)
    {
        var never = new TaskCompletionSource();
        await using var stop = cancel.Register(() => never.TrySetCanceled(cancel));
        await never.Task;
    }

    private static JsonObject Convert(JsonObject review)
    {
        var desired = review.Text("request.desiredAPIVersion");
        var converted = new JsonArray();
        foreach (var obj in review["request"]!["objects"]!.AsArray()) converted.Add(Converted((JsonObject)obj!.DeepClone(), desired));
        return new()
        {
            ["apiVersion"] = review.Text("apiVersion"), ["kind"] = "ConversionReview",
            ["response"] = new JsonObject { ["uid"] = review.Text("request.uid"), ["convertedObjects"] = converted, ["result"] = new JsonObject { ["status"] = "Success" } },
        };
    }

    // "hostPort" of v1 is "host" and "port" of v2.
    private static JsonObject Converted(JsonObject obj, string desired)
    {
        obj["apiVersion"] = desired;
        if (desired.EndsWith("/v2", StringComparison.Ordinal) && (string?)obj["hostPort"] is { } both)
        {
            obj.Remove("hostPort");
            var parts = both.Split(':');
            (obj["host"], obj["port"]) = (parts[0], parts.Length > 1 ? parts[1] : null);
        }
        else if (desired.EndsWith("/v1", StringComparison.Ordinal) && (obj.ContainsKey("host") || obj.ContainsKey("port")))
        {
            var (host, port) = ((string?)obj["host"] ?? "", (string?)obj["port"] ?? "");
            obj.Remove("host");
            obj.Remove("port");
            obj["hostPort"] = $"{host}:{port}";
        }
        return obj;
    }
}
