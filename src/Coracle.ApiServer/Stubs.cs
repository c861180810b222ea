using System.Text.Json.Nodes;
using Coracle.Schema;
namespace Coracle.ApiServer;
internal static class ApplyVerb { public static ValueTask<ApiResponse> Handle(RequestContext c, ReadOnlyMemory<byte> b) => ValueTask.FromResult(ApiResponse.Of(ApiStatus.UnsupportedMediaType("apply"))); }
