using System.Text.Json.Nodes;
using Coracle.Schema;
namespace Coracle.ApiServer;
internal static class YamlText { public static bool ToJson(ReadOnlySpan<byte> y, out byte[] json, out string error) { json = []; error = "yaml"; return false; } public static byte[] FromJson(ReadOnlySpan<byte> j) => j.ToArray(); }
internal static class ApplyVerb { public static ValueTask<ApiResponse> Handle(RequestContext c, ReadOnlyMemory<byte> b) => ValueTask.FromResult(ApiResponse.Of(ApiStatus.UnsupportedMediaType("apply"))); }
