using System.Text.Json;
using System.Text.Json.Nodes;

namespace Coracle.Schema;

/// <summary>
/// JSON patches (RFC 6902) with the ways of the library that upstream uses (evanphx/json-patch v4): indices may be negative, and "replace" of a
/// missing property of an object adds it.
/// </summary>
public static class JsonPatch
{
    /// <summary>A patch of more operations is refused.</summary>
    public const int MaxOperations = 10_000;

    /// <summary>The bytes by which "copy" operations may make a document grow in all.</summary>
    public const int MaxCopiedBytes = 3 * 1024 * 1024;

    /// <summary>Applies the operations of a patch in order, all or none. Neither argument is changed.</summary>
    public static PatchResult Apply(JsonNode document, JsonNode? patch)
    {
        if (patch is not (null or JsonArray))
            return PatchResult.Fail(PatchFault.BadRequest, $"json: cannot unmarshal {GoKinds.JsonWord(patch)} into Go value of type jsonpatch.Patch");
        var operations = patch as JsonArray ?? [];
        foreach (var operation in operations)
            if (operation is not (null or JsonObject))
                return PatchResult.Fail(PatchFault.BadRequest, $"json: cannot unmarshal {GoKinds.JsonWord(operation)} into Go value of type jsonpatch.Operation");
        if (operations.Count > MaxOperations)
            return PatchResult.Fail(PatchFault.TooLarge, $"The allowed maximum operations in a JSON patch is {MaxOperations}, got {operations.Count}");
        return PatchResult.Of(() =>
        {
            var run = new JsonPatchRun(document.DeepClone());
            foreach (var operation in operations) run.Step(operation as JsonObject ?? []);
            return run.Document;
        });
    }
}

/// <summary>A document while operations change it.</summary>
internal sealed class JsonPatchRun(JsonNode document)
{
    private const string Missing = "missing value";

    /// <summary>As deep as objects may be.</summary>
    private const int DepthMax = 400;

    /// <summary>From here on it is looked how deep the document is.</summary>
    private const int DoubtfulDepth = 2 * DepthMax;

    private long copiedBytes;

    /// <summary>The document is no deeper than this.</summary>
    private int depth = DepthMax;

    public JsonNode Document { get; private set; } = document;

    public void Step(JsonObject operation)
    {
        var kind = operation["op"] is JsonValue op && op.TryGetValue<string>(out var name) ? name : "unknown";
        switch (kind)
        {
            case "add": Add(operation); break;
            case "remove": Remove(operation); break;
            case "replace": Replace(operation); break;
            case "move": Move(operation); break;
            case "copy": Copy(operation); break;
            case "test": Test(operation); break;
            default: throw Fail($"Unexpected kind: {kind}");
        }
    }

    private void Add(JsonObject operation)
    {
        var path = Text(operation, "path") ?? throw Fail($"add operation failed to decode path: {Missing}");
        var target = Find(path) ?? throw Fail($"add operation does not apply: doc is missing path: \"{path}\": {Missing}");
        var value = Value(operation);
        if (target.Add(value) is { } fault) throw Fail($"error in add for path: '{path}': {fault}");
        Deepen(path, DepthOf(value));
    }

    private void Remove(JsonObject operation)
    {
        var path = Text(operation, "path") ?? throw Fail($"remove operation failed to decode path: {Missing}");
        var target = Find(path) ?? throw Fail($"remove operation does not apply: doc is missing path: \"{path}\": {Missing}");
        if (target.Remove() is { } fault) throw Fail($"error in remove for path: '{path}': {fault}");
    }

    private void Replace(JsonObject operation)
    {
        var path = Path(operation, "replace");
        if (path.Length == 0)
        {
            Document = Value(operation) is { } value and (JsonObject or JsonArray) ? value : throw Fail("replace operation value must be object or array: %!w(<nil>)");
            depth = DepthMax;
            return;
        }
        var target = Find(path) ?? throw Fail($"replace operation does not apply: doc is missing path: {path}: {Missing}");
        if (target.Get(out _) is not null) throw Fail($"replace operation does not apply: doc is missing key: {path}: {Missing}");
        var replacement = Value(operation);
        target.Set(replacement);
        Deepen(path, DepthOf(replacement));
    }

    private void Move(JsonObject operation)
    {
        var from = From(operation, "move");
        var source = Find(from) ?? throw Fail($"move operation does not apply: doc is missing from path: {from}: {Missing}");
        var fault = source.Get(out var value) ?? source.Remove();
        if (fault is not null) throw Fail($"error in move for path: '{source.Key}': {fault}");
        var path = Path(operation, "move");
        var target = Find(path) ?? throw Fail($"move operation does not apply: doc is missing destination path: {path}: {Missing}");
        if (target.Add(value) is { } wrong) throw Fail($"error in move for path: '{path}': {wrong}");
        Deepen(path, depth - Steps(from));
    }

    private void Copy(JsonObject operation)
    {
        var from = From(operation, "copy");
        var source = Find(from) ?? throw Fail($"copy operation does not apply: doc is missing from path: {from}: {Missing}");
        if (source.Get(out var value) is { } fault) throw Fail($"error in copy for from: '{from}': {fault}");
        var path = Text(operation, "path") ?? throw Fail($"copy operation failed to decode path: {Missing}");
        var target = Find(path) ?? throw Fail($"copy operation does not apply: doc is missing destination path: {path}: {Missing}");

        copiedBytes += value is null ? 0 : JsonText.Length(value);
        if (copiedBytes > JsonPatch.MaxCopiedBytes)
            throw Fail($"Unable to complete the copy, the accumulated size increase of copy is {copiedBytes}, exceeding the limit {JsonPatch.MaxCopiedBytes}");
        if (target.Add(value?.DeepClone()) is { } wrong) throw Fail($"error while adding value during copy: {wrong}");
        Deepen(path, depth - Steps(from));
    }

    /// <summary>
    /// Values within values, over and over, must not make a document that nobody can walk through. Looking at all of it with each operation would take long: that is done only when what was put where
    /// leaves it in doubt.
    /// </summary>
    private void Deepen(string path, int below)
    {
        depth = Math.Max(depth, Steps(path) + below);
        if (depth <= DoubtfulDepth) return;
        depth = DepthOf(Document);
        if (depth > DepthMax) throw Fail("exceeded max depth");
    }

    private static int Steps(string path) => path.AsSpan().Count('/');

    private static int DepthOf(JsonNode? node)
    {
        var deepest = 0;
        if (node is JsonArray array)
            foreach (var item in array) deepest = Math.Max(deepest, DepthOf(item));
        else if (node is JsonObject obj)
            foreach (var (_, item) in obj) deepest = Math.Max(deepest, DepthOf(item));
        else return 0;
        return deepest + 1;
    }

    private void Test(JsonObject operation)
    {
        var path = Path(operation, "test");
        JsonNode? value = Document;
        if (path.Length > 0)
        {
            var target = Find(path) ?? throw Fail($"test operation does not apply: is missing path: {path}: {Missing}");
            if (target.Get(out value) is { } fault) throw Fail($"error in test for path: '{path}': {fault}");
        }
        if (!JsonNode.DeepEquals(value, operation["value"])) throw Fail($"testing value {path} failed: test failed");
    }

    private static string Path(JsonObject operation, string kind) => Required(operation, "path", kind, "operation missing path field");
    private static string From(JsonObject operation, string kind) => Required(operation, "from", kind, "operation, missing from field");

    private static string Required(JsonObject operation, string field, string kind, string absent) => Text(operation, field)
        ?? throw Fail($"{kind} operation failed to decode {field}: "
            + (operation[field] is { } other ? $"json: cannot unmarshal {GoKinds.JsonWord(other)} into Go value of type string" : $"{absent}: {Missing}"));

    private static string? Text(JsonObject operation, string field) => operation[field] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static JsonNode? Value(JsonObject operation) => operation["value"]?.DeepClone();

    /// <summary>The place that a pointer names; null when what should hold it is not there. What comes before the first slash is ignored.</summary>
    private PatchTarget? Find(string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 2) return null;
        var holder = Document;
        for (var i = 1; i < parts.Length - 1; i++)
        {
            if (holder is not (JsonObject or JsonArray) || new PatchTarget(holder, Decode(parts[i])).Get(out var next) is not null || next is null) return null;
            holder = next;
        }
        return holder is JsonObject or JsonArray ? new(holder, Decode(parts[^1])) : null;
    }

    private static string Decode(string part) =>
        part.Contains('~', StringComparison.Ordinal) ? part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal) : part;

    private static PatchException Fail(string message) => new(PatchFault.Unprocessable, message);
}
