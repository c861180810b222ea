using System.Text.Json.Nodes;

namespace Coracle.Sdk.Tests.Fakes;

/// <summary>A call, taken apart.</summary>
internal sealed class FakeRequest
{
    private readonly Dictionary<string, string> query = [];
    private readonly Selector selector;

    public FakeRequest(ApiCall call)
    {
        Method = call.Method;
        Body = call.Body;
        var parts = call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToList();
        var at = parts[0] == "api" ? 2 : 3;
        if (parts.Count > at + 2 && parts[at] == "namespaces")
        {
            Namespace = parts[at + 1];
            at += 2;
        }
        Collection = parts[at];
        Name = parts.ElementAtOrDefault(at + 1) ?? "";
        Subresource = parts.ElementAtOrDefault(at + 2) ?? "";
        foreach (var pair in call.Query.Split('&', StringSplitOptions.RemoveEmptyEntries))
            query[pair.Split('=')[0]] = Uri.UnescapeDataString(pair[(pair.IndexOf('=') + 1)..]);
        selector = Selector.Parse(Query("labelSelector"));
    }

    public string Method { get; }
    public ReadOnlyMemory<byte> Body { get; }
    public string Namespace { get; } = "";
    public string Collection { get; }
    public string Name { get; }
    public string Subresource { get; }
    public Key Key => new(Namespace, Name);
    public (string, string, string) ObjectKey => (Collection, Namespace, Name);

    public string Query(string name) => query.GetValueOrDefault(name, "");
    public bool Covers(string ns) => Namespace.Length == 0 || Namespace == ns;

    public bool Matches(JsonObject obj) =>
        selector.Matches(obj["metadata"]?["labels"]?.AsObject().ToDictionary(l => l.Key, l => l.Value!.GetValue<string>()));
}
