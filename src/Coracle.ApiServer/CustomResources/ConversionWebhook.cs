using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>A server that converts objects of a definition between its versions (apiextensions-apiserver, pkg/apiserver/conversion/webhook_converter.go).</summary>
internal sealed class ConversionWebhook(Server server, WebhookConversion webhook)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    /// <summary>The objects in another version, in their order. 1. Ask. 2. Is the answer one to the question? 3. Are these the objects?</summary>
    public async ValueTask<Result<IReadOnlyList<ReadOnlyMemory<byte>>>> ConvertAsync(IReadOnlyList<ReadOnlyMemory<byte>> objects, KindInfo to, CancellationToken cancel)
    {
        var originals = objects.Select(json => (JsonObject)ApiJson.ParseTree(json.Span)!).ToList();
        var from = $"{Meta.Text(originals[0], "apiVersion")}, Kind={Meta.Text(originals[0], "kind")}";
        if ((webhook.ConversionReviewVersions ?? []).Find(v => v is "v1" or "v1beta1") is not { } version) return ApiStatus.Internal("no supported conversion review versions");
        var uid = server.NewUid();
        var answer = await PostAsync(Review(objects, to, version, uid), cancel);                              // 1
        if (answer.Failed) return Failed(from, $"failed: {answer.Error.Message}");
        if (Converted(answer.Value.Body.Span, version, uid, out var converted) is { } wrong) return Failed(from, $"failed: {wrong}");                     // 2
        if (converted.Count != originals.Count) return Failed(from, $"returned {converted.Count} objects, expected {originals.Count}");
        var made = new List<ReadOnlyMemory<byte>>(originals.Count);
        for (var i = 0; i < originals.Count; i++)                                                              // 3
        {
            if (ConvertedObject.Accept(originals[i], converted[i], to) is { } problem) return Failed(from, $"returned {problem.Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)}");
            made.Add(System.Text.Encoding.UTF8.GetBytes(converted[i]!.ToJsonString()));
        }
        return made;
    }

    private static ApiStatus Failed(string from, string why) => ApiStatus.Unclassified($"conversion webhook for {from} {why}");

    private static byte[] Review(IReadOnlyList<ReadOnlyMemory<byte>> objects, KindInfo to, string version, string uid)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ApiJson.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("kind"u8, "ConversionReview"u8);
            writer.WriteString("apiVersion"u8, $"apiextensions.k8s.io/{version}");
            writer.WriteStartObject("request"u8);
            writer.WriteString("uid"u8, uid);
            writer.WriteString("desiredAPIVersion"u8, to.ApiVersion);
            writer.WriteStartArray("objects"u8);
            foreach (var json in objects) writer.WriteRawValue(json.Span, skipInputValidation: true);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>What is wrong with an answer; null, and its objects, when nothing is.</summary>
    private static string? Converted(ReadOnlySpan<byte> body, string version, string uid, out IReadOnlyList<JsonNode?> converted)
    {
        converted = [];
        var decoded = Decoder.DecodeTree(body);
        if (decoded.Value is not JsonObject review) return decoded.Error is { } error ? $"couldn't get version/kind; json parse error: {error}" : "Object 'Kind' is missing in 'null'";
        var (apiVersion, kind) = (Meta.Text(review, "apiVersion"), Meta.Text(review, "kind"));
        if (version == "v1" && (apiVersion != "apiextensions.k8s.io/v1" || kind != "ConversionReview"))
            return $"expected webhook response of apiextensions.k8s.io/v1, Kind=ConversionReview, got {apiVersion}, Kind={kind}";
        if (review["response"] is not JsonObject response) return "no response provided";
        if (version == "v1" && Meta.Text(response, "uid") is var answered && answered != uid) return $"expected response.uid={GoText.Quote(uid)}, got {GoText.Quote(answered)}";
        var result = response["result"] as JsonObject ?? [];
        if (Meta.Text(result, "status") is var status && status != "Success")
            return Meta.Text(result, "message") is { Length: > 0 } message ? message : $"response.result.status was '{status}', not 'Success'";
        converted = response["convertedObjects"] is JsonArray list ? [.. list] : [];
        return null;
    }

    private async ValueTask<Result<WebhookAnswer>> PostAsync(byte[] body, CancellationToken cancel)
    {
        var client = webhook.ClientConfig ?? new WebhookClientConfig();
        var url = UrlOf(client);
        EndPoint? place = null;
        if (client.Service is { } service)
        {
            var resolved = ServicePlace.Resolve(server, service.Namespace, service.Name, service.Port ?? 443);
            if (resolved.Failed) return Unreached(url, resolved.Error.Message);
            place = resolved.Value;
        }
        using var late = new CancellationTokenSource(Timeout, server.Clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancel);
        try
        {
            var answer = await server.Options.Webhooks.PostAsync(new WebhookCall(new Uri(url), place, client.CaBundle ?? [], body), stop.Token);
            return answer.Status is >= 200 and <= 206 ? answer : ApiStatus.Unavailable(WebhookCaller.Refusal(answer));
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Unreached(url, "context deadline exceeded");
        }
        catch (WebhookException e)
        {
            return Unreached(url, e.Message);
        }
    }

    private static ApiStatus Unreached(string url, string why) => ApiStatus.Unavailable($"Post {GoText.Quote(url)}: {why}");

    private static string UrlOf(WebhookClientConfig client)
    {
        const string timeout = "?timeout=30s";
        if (client.Service is not { } service) return client.Url + timeout;
        var path = service.Path is { Length: > 0 } given ? given : "/";
        return string.Create(CultureInfo.InvariantCulture, $"https://{service.Name}.{service.Namespace}.svc:{service.Port ?? 443}{(path[0] == '/' ? "" : "/")}{path}{timeout}");
    }
}
