using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>PATCH in its four forms. Each makes a new object from the live one; from there on a patch is an update.</summary>
internal static class PatchVerb
{
    private const string Json = "application/json-patch+json";
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";
    private const string Types = "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml";

    private const string CustomTypes = "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml";

    public static async ValueTask<ApiResponse> Handle(RequestContext ctx)
    {
        var body = await BodyReader.ReadBytes(ctx);
        if (body.Failed) return ApiResponse.Of(body.Error);
        if (BodyReader.MediaType(ctx.Request.Header("Content-Type")) == "application/apply-patch+yaml") return await ApplyVerb.Handle(ctx, body.Value);
        var change = Change(ctx, ctx.Kind, body.Value);
        if (change.Failed) return ApiResponse.Of(change.Error);
        var updated = await ctx.Server.Writer.UpdateAsync(ctx, ctx.Info.Subresource, change.Value);
        return updated.Failed ? ApiResponse.Of(updated.Error) : Representation.Of(ctx, updated.Value);
    }

    /// <summary>What the patch in the body makes of an object of the given kind.</summary>
    public static Result<Func<JsonObject, Result<JsonObject>>> Change(RequestContext ctx, KindInfo kind, ReadOnlyMemory<byte> body)
    {
        var type = BodyReader.MediaType(ctx.Request.Header("Content-Type"));
        if (type is not (Json or Merge or Strategic) || type == Strategic && !kind.BuiltIn)
            return ApiStatus.UnsupportedMediaType($"the body of the request was in an unknown format - accepted media types include: {(kind.BuiltIn ? Types : CustomTypes)}");
        var decoded = Decoder.DecodeTree(body.Span);
        if (decoded.Error is { } error) return ApiStatus.BadRequest(type == Strategic ? error : $"error decoding patch: {error}");
        if (WrongShape(type, decoded.Value) is { } shape) return ApiStatus.BadRequest(type == Strategic ? shape : $"error decoding patch: {shape}");
        if (BodyReader.Strictness(ctx, type == Json ? [.. decoded.Strict.Select(s => "json patch " + s)] : decoded.Strict) is { } refused)
            return NotAnObject(body.Span, refused);
        var patch = decoded.Value;
        Func<JsonObject, PatchResult> apply = type switch
        {
            Json => live => JsonPatch.Apply(live, patch),
            Merge => live => MergePatch.Apply(live, patch),
            _ => live => StrategicMergePatch.Apply(live, patch, kind.Schema),
        };
        return (Func<JsonObject, Result<JsonObject>>)(live => Apply(ctx, kind, apply, live));
    }

    private static string? WrongShape(string type, JsonNode? patch) => (type, patch) switch
    {
        (_, null) => null,
        (Json, not JsonArray) => $"json: cannot unmarshal {GoWord(patch)} into Go value of type []handlers.jsonPatchOp",
        (Merge or Strategic, not JsonObject) => $"json: cannot unmarshal {GoWord(patch)} into Go value of type map[string]interface {{}}",
        _ => null,
    };

    private static string GoWord(JsonNode node) => node.GetValueKind() switch
    {
        System.Text.Json.JsonValueKind.Array => "array",
        System.Text.Json.JsonValueKind.Object => "object",
        System.Text.Json.JsonValueKind.String => "string",
        System.Text.Json.JsonValueKind.Number => "number",
        _ => "bool",
    };

    // A patch that names no version is no optimistic lock: the live version goes, so that another write in between means trying again.
    private static Result<JsonObject> Apply(RequestContext ctx, KindInfo kind, Func<JsonObject, PatchResult> apply, JsonObject live)
    {
        Meta.Of(live).Remove("resourceVersion");
        var patched = apply(live);
        if (patched.Error is { } error) return Refused(error);
        var json = JsonText.ToBytes(patched.Document);
        var made = BodyReader.Decode(ctx, kind, json, json, []);
        // What the patch made of the object is what the client got wrong, not a body of that kind.
        return made.Failed ? NotAnObject(json, made.Error.Message[(made.Error.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..]) : made;
    }

    private static ApiStatus NotAnObject(ReadOnlySpan<byte> patched, string error)
    {
        var errors = new FieldErrors();
        errors.Invalid(FieldPath.Of("patch"), System.Text.Encoding.UTF8.GetString(patched), error);
        return ApiStatus.Invalid("", "", "", errors.All);
    }

    public static ApiStatus Refused(PatchError error) => error.Fault switch
    {
        PatchFault.TooLarge => new(413, "RequestEntityTooLarge", error.Message),
        // Upstream's words for a patch that does not apply to this object; what did not is left out there too.
        PatchFault.Unprocessable => new(422, "Invalid", "the server rejected our request due to an error in our request") { Name = "" },
        PatchFault.Internal => new(500, "", error.Message),
        _ => ApiStatus.BadRequest(error.Message),
    };
}
