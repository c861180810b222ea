using System.Text.Json.Nodes;
using Coracle.ApiServer.Access;
using Coracle.Hosting;
using Coracle.Store;

namespace Coracle.ApiServer.Published.Tests;

/// <summary>What a whole control plane serves at plain paths.</summary>
internal static class Served
{
    private static readonly Lazy<ControlPlane> Plane = new(() => new ControlPlane(new ControlPlaneOptions { Store = new MemoryStore(), Random = new Random(1) }));

    public static async Task<ApiResponse> Get(string path, params (string Name, string Value)[] headers)
    {
        var parts = path.Split('?', 2);
        var request = new Request(headers) { Method = "GET", Path = parts[0], Query = parts.Length > 1 ? parts[1] : "", Identity = new User { Name = "admin", Groups = ["system:masters"] } };
        return await Plane.Value.Server.HandleAsync(request, TestContext.Current.CancellationToken);
    }

    public static async Task<byte[]> Bytes(string path, string accept = "application/json")
    {
        var response = await Get(path, ("Accept", accept));
        Assert.True(response.Status == 200, $"{path}: {response.Status}");
        return Body(response);
    }

    public static byte[] Body(ApiResponse response) => Assert.IsType<BytesBody>(response.Body).Utf8.ToArray();

    public static async Task<JsonObject> Json(string path, string accept = "application/json") => JsonNode.Parse(await Bytes(path, accept))!.AsObject();

    public static string? Header(this ApiResponse response, string name) =>
        response.Headers.Where(h => h.Key == name).Select(h => h.Value).DefaultIfEmpty(null).Aggregate((a, b) => $"{a}, {b}");

    private sealed class Request(IReadOnlyList<(string Name, string Value)> headers) : ApiRequest
    {
        public override string? Header(string name) => headers.FirstOrDefault(h => h.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

        public override ValueTask<Result<ReadOnlyMemory<byte>>> ReadBodyAsync(int limit, CancellationToken cancel) => new(ReadOnlyMemory<byte>.Empty);
    }
}
