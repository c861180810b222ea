using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Sdk;

/// <summary>Between requests, which are bytes, and handlers of one kind.</summary>
internal static class Admitted
{
    /// <summary>The object, or why there is none. Upstream: admission.Decoder.</summary>
    public static T? Read<T>(ReadOnlyMemory<byte> json, out Verdict? failure) where T : class, IKind<T>
    {
        failure = null;
        if (json.IsEmpty)
        {
            failure = Verdict.Error(400, "there is no content to decode");
            return null;
        }
        try
        {
            if (Mismatch(json.Span, T.Info) is { } other) failure = Verdict.Error(400, $"unable to decode {other} into {T.Info.GroupVersionKind}");
            else return ApiJson.Parse<T>(json.Span);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            failure = Verdict.Error(400, e.Message);
        }
        return null;
    }

    // What does not say its kind is taken for the right one.
    private static string? Mismatch(ReadOnlySpan<byte> json, KindInfo info)
    {
        var reader = new Utf8JsonReader(json, ApiJson.ReaderOptions);
        var (apiVersion, kind) = (info.ApiVersion, info.Kind);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw new JsonException("expected an object");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isVersion, isKind) = (reader.ValueTextEquals("apiVersion"u8), reader.ValueTextEquals("kind"u8));
            reader.Read();
            if (isVersion) apiVersion = reader.GetString() ?? "";
            else if (isKind) kind = reader.GetString() ?? "";
            else reader.Skip();
        }
        return apiVersion == info.ApiVersion && kind == info.Kind ? null : $"{apiVersion}, Kind={kind}";
    }
}

/// <summary>Lets a mutator change an object, and tells what it changed.</summary>
internal sealed class MutatingHandler<T>(Func<T, AdmissionRequest, CancellationToken, ValueTask<Mutation<T>>> mutate) : IAdmissionHandler where T : class, IKind<T>
{
    public async ValueTask<Verdict> HandleAsync(AdmissionRequest request, CancellationToken cancel)
    {
        if (request.Operation == AdmissionOperation.Delete) return Verdict.Allow;
        if (Admitted.Read<T>(request.Object, out var failure) is not { } obj) return failure!;
        var read = Tree(obj);
        var made = await mutate(obj, request, cancel);
        if (!made.Verdict.Allowed || made.Object is not { } changed) return made.Verdict;
        // Of a field that stands twice the last counts, as everywhere.
        if (Decoder.DecodeTree(request.Object.Span) is not { Error: null, Value: { } raw }) return Verdict.Error(400, "the object is no JSON");
        var patch = JsonDiff.Create(raw, Overlay(raw, read, Tree(changed))!);
        return patch.Count == 0 ? made.Verdict : made.Verdict with { Patch = patch };
    }

    private static JsonNode Tree(T obj) => ApiJson.ParseTree(ApiJson.ToBytes(obj))!;

    /// <summary>
    /// The changes from one form of a type to another, made to what was sent: fields that the type does not know, and those that it writes another way, are as they were.
    /// </summary>
    private static JsonNode? Overlay(JsonNode? raw, JsonNode? before, JsonNode? after)
    {
        if (JsonNode.DeepEquals(before, after)) return raw?.DeepClone();
        return (raw, before, after) switch
        {
            (JsonObject sent, JsonObject from, JsonObject to) => Objects(sent, from, to),
            (JsonArray sent, JsonArray from, JsonArray to) when sent.Count == from.Count => Arrays(sent, from, to),
            _ => after?.DeepClone(),
        };
    }

    private static JsonObject Objects(JsonObject sent, JsonObject from, JsonObject to)
    {
        var made = new JsonObject();
        foreach (var (name, value) in sent)
        {
            if (to.TryGetPropertyValue(name, out var wanted)) made[name] = Overlay(value, from[name], wanted);
            else if (!from.ContainsKey(name)) made[name] = value?.DeepClone();
        }
        foreach (var (name, value) in to)
            if (!sent.ContainsKey(name) && !JsonNode.DeepEquals(from[name], value)) made[name] = value?.DeepClone();
        return made;
    }

    // Items are told apart by their place from either end.
    private static JsonArray Arrays(JsonArray sent, JsonArray from, JsonArray to)
    {
        var (head, tail) = (0, 0);
        var shorter = Math.Min(from.Count, to.Count);
        while (head < shorter && JsonNode.DeepEquals(from[head], to[head])) head++;
        while (tail < shorter - head && JsonNode.DeepEquals(from[^(tail + 1)], to[^(tail + 1)])) tail++;
        var made = new JsonArray();
        for (var i = 0; i < to.Count; i++)
        {
            if (i >= to.Count - tail) made.Add(sent[from.Count - (to.Count - i)]?.DeepClone());
            else made.Add(i < from.Count - tail ? Overlay(sent[i], from[i], to[i]) : to[i]?.DeepClone());
        }
        return made;
    }
}

/// <summary>Asks a validator about the object as it is and as it was.</summary>
internal sealed class ValidatingHandler<T>(IValidator<T> validator) : IAdmissionHandler where T : class, IKind<T>
{
    public ValueTask<Verdict> HandleAsync(AdmissionRequest request, CancellationToken cancel)
    {
        switch (request.Operation)
        {
            case AdmissionOperation.Connect: return new(Verdict.Allow);
            case AdmissionOperation.Create:
                return Admitted.Read<T>(request.Object, out var failure) is { } made ? validator.ValidateCreateAsync(made, request, cancel) : new(failure!);
            case AdmissionOperation.Update:
                if (Admitted.Read<T>(request.Object, out failure) is not { } changed) return new(failure!);
                return Admitted.Read<T>(request.OldObject, out failure) is { } old ? validator.ValidateUpdateAsync(old, changed, request, cancel) : new(failure!);
            case AdmissionOperation.Delete:
                return Admitted.Read<T>(request.OldObject, out failure) is { } gone ? validator.ValidateDeleteAsync(gone, request, cancel) : new(failure!);
            default: return new(Verdict.Error(400, $"unknown operation {GoText.Quote(request.Operation)}"));
        }
    }
}
