using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Objects under admission in the version that somebody asks for, as clients would read them.</summary>
internal static class AdmissionObject
{
    private static ReadOnlySpan<byte> Pending => "\"resourceVersion\":\"0\","u8;

    /// <summary>The kind of the object in another version or group; that of a sub-resource is the same everywhere.</summary>
    public static KindInfo KindIn(AdmissionContext context, Resource wanted) =>
        IsScale(context) ? ScaleSubresource.Kind : ReferenceEquals(context.Kind, context.Request.Resource.Kind) ? wanted.Kind : context.Kind;

    /// <summary>The kind that the request speaks.</summary>
    public static KindInfo RequestKind(AdmissionContext context) => IsScale(context) ? ScaleSubresource.Kind : context.Kind;

    // The engine changes the whole object by a scale; clients, and those who admit, see the scale alone.
    private static bool IsScale(AdmissionContext context) => context.Subresource == "scale";

    /// <summary>The new object; null where there is none.</summary>
    public static byte[]? New(AdmissionContext context, Resource wanted)
    {
        if (context.Object is not { } obj) return null;
        var bytes = Encode(context, obj, wanted);
        // What is about to be written has no version of its own yet.
        return context.Old is { } old ? WithVersion(bytes, Meta.Text(Meta.Of(old), "resourceVersion")) : WithoutVersion(bytes);
    }

    public static byte[]? Old(AdmissionContext context, Resource wanted) => context.Old is { } old ? Encode(context, old, wanted) : null;

    private static byte[] Encode(AdmissionContext context, JsonObject obj, Resource wanted)
    {
        if (IsScale(context)) return ApiJson.ToBytes(ScaleSubresource.Of(obj, long.TryParse(Meta.Text(Meta.Of(obj), "resourceVersion"), out var revision) ? revision : 0));
        var kind = KindIn(context, wanted);
        var tree = ReferenceEquals(kind, context.Kind) ? obj : Convert(context, (JsonObject)obj.DeepClone(), context.Request.Resource, wanted);
        return kind.Schema.Type == SchemaType.Any ? System.Text.Encoding.UTF8.GetBytes(tree.ToJsonString()) : Encoder.Encode(tree, kind.Schema);
    }

    /// <summary>From one served version to another, by way of the stored one. May change its argument.</summary>
    private static JsonObject Convert(AdmissionContext context, JsonObject obj, Resource from, Resource to)
    {
        if (ReferenceEquals(from, to)) return obj;
        if (to.NeedsPreparing) return Foreign(context, obj, from, to);
        if (!to.Kind.BuiltIn)
        {
            obj["apiVersion"] = to.Kind.ApiVersion;
            return obj;
        }
        var stored = from.Conversion is { } out_ ? out_.ToStorage(obj) : obj;
        return to.Conversion is { } back ? back.FromStorage(stored) : stored;
    }

    // Who needs it awaits the answer, and asks again.
    private static JsonObject Foreign(AdmissionContext context, JsonObject obj, Resource from, Resource to)
    {
        var json = Encoder.Encode(obj, from.Kind.Schema);
        var key = (to, System.Text.Encoding.UTF8.GetString(json));
        return context.Conversions.TryGetValue(key, out var known) ? (JsonObject)known.DeepClone() : throw new UnansweredException(Remember());

        async Task Remember()
        {
            var converted = await to.FromOtherAsync(json, context.Request.Cancel);
            if (converted.Failed) context.ConversionFailure = ApiStatus.Internal(converted.Error.Message);
            context.Conversions[key] = converted.Failed ? obj : (JsonObject)ApiJson.ParseTree(converted.Value)!;
        }
    }

    private static byte[] WithVersion(byte[] bytes, string version) =>
        long.TryParse(version, out var revision) && bytes.AsSpan().IndexOf(Pending) >= 0 ? VersionedJson.Replace(bytes, revision) : bytes;

    private static byte[] WithoutVersion(byte[] bytes)
    {
        var at = bytes.AsSpan().IndexOf(Pending);
        return at < 0 ? bytes : [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + Pending.Length)];
    }

    /// <summary>
    /// The object that a patch or a policy made, given in the version that it saw, as it goes on through the engine: of its kind, defaulted, without a version.
    /// Null, with the reason, when it is none.
    /// </summary>
    public static JsonObject? Accept(AdmissionContext context, Resource seenAs, ReadOnlySpan<byte> changed, out string? error)
    {
        var kind = KindIn(context, seenAs);
        var decoded = Decoder.Decode(changed, kind.Schema);
        error = decoded.Error;
        if (decoded.Value is not { } obj) return null;
        BodyReader.ApplyDefaults(kind, obj);
        if (IsScale(context)) return Rescaled(context, obj);
        if (!ReferenceEquals(kind, context.Kind)) obj = Convert(context, obj, seenAs, context.Request.Resource);
        obj["kind"] = context.Kind.Kind;
        obj["apiVersion"] = context.Kind.ApiVersion;
        if (context.Object is { } before) Meta.Keep(Meta.Of(before), Meta.Of(obj), "resourceVersion");
        return obj;
    }

    private static JsonObject Rescaled(AdmissionContext context, JsonObject scale)
    {
        var obj = context.Object!;
        if (obj["spec"] is not JsonObject spec) obj["spec"] = spec = [];
        spec["replicas"] = Meta.Number(scale["spec"] as JsonObject ?? [], "replicas") ?? 0;
        return obj;
    }
}
