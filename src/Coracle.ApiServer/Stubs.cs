using System.Text.Json.Nodes;
using Coracle.Schema;
namespace Coracle.ApiServer;
internal readonly record struct Patched(JsonObject? Value, ApiStatus? Error);
internal static class JsonPatch { public static Patched Apply(JsonObject live, ReadOnlySpan<byte> patch) => new(null, ApiStatus.Internal("json patch")); }
internal static class MergePatch { public static Patched Apply(JsonObject live, ReadOnlySpan<byte> patch) { var p = (JsonObject)JsonNode.Parse(patch)!; M(live, p); return new(live, null); }
 static void M(JsonObject a, JsonObject p) { foreach (var (k, v) in p) { if (v is null) a.Remove(k); else if (v is JsonObject o) { if (a[k] is not JsonObject t) a[k] = t = []; M(t, o); } else a[k] = v.DeepClone(); } } }
internal static class StrategicMergePatch { public static Patched Apply(JsonObject live, ReadOnlySpan<byte> patch, SchemaNode s) => MergePatch.Apply(live, patch); }
internal static class YamlText { public static bool ToJson(ReadOnlySpan<byte> y, out byte[] json, out string error) { json = []; error = "yaml"; return false; } public static byte[] FromJson(ReadOnlySpan<byte> j) => j.ToArray(); }
internal static class ApplyVerb { public static ValueTask<ApiResponse> Handle(RequestContext c, ReadOnlyMemory<byte> b) => ValueTask.FromResult(ApiResponse.Of(ApiStatus.UnsupportedMediaType("apply"))); }
