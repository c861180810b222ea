using System.Text.Json.Nodes;
using Coracle.Kinds.Defaulting;
using Coracle.Schema;

namespace Coracle.Kinds.Discovery.V1;

/// <summary>The topology of older versions is not written any more (upstream: registry/discovery/endpointslice, dropTopologyOnV1).</summary>
public sealed partial class EndpointSliceRules
{
    private const string HostnameKey = "kubernetes.io/hostname";

    public override void PrepareForCreate(JsonObject obj) => DropTopology(obj, []);

    public override void PrepareForUpdate(JsonObject obj, JsonObject old, string subresource)
    {
        if (!Change.Of(obj, old, "endpoints")) return;
        DropTopology(obj, [.. old.Items("endpoints").Select(Node).Where(n => n.Length > 0)]);
    }

    // A node that was named in the topology alone is not forgotten.
    private static void DropTopology(JsonObject obj, HashSet<string> known)
    {
        foreach (var endpoint in obj.Items("endpoints"))
        {
            var node = Node(endpoint);
            if (!endpoint.IsSet("nodeName") && known.Contains(node) && NameRules.Dns1123Subdomain(node).Count == 0) endpoint["nodeName"] = node;
            endpoint.Remove("deprecatedTopology");
        }
    }

    private static string Node(JsonObject endpoint) => endpoint.Child("deprecatedTopology").Text(HostnameKey);
}
