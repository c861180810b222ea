using System.Text.Json.Nodes;
using Coracle.Schema;

namespace Coracle.ApiServer;

/// <summary>Heartbeats are most of the writes of a real cluster, and the only ones that nobody misses after a crash.</summary>
internal static class Heartbeat
{
    /// <summary>A lease of which nothing but spec.renewTime changes. The store may keep such a write in memory.</summary>
    public static bool IsRenewal(KindInfo kind, JsonObject obj, JsonObject old)
    {
        if (kind.Group != "coordination.k8s.io" || obj["spec"] is not JsonObject spec || old["spec"] is not JsonObject oldSpec) return false;
        foreach (var field in spec.Select(p => p.Key).Union(oldSpec.Select(p => p.Key)))
            if (field != "renewTime" && !JsonNode.DeepEquals(spec[field], oldSpec[field])) return false;
        var (meta, oldMeta) = (Meta.Of(obj), Meta.Of(old));
        foreach (var field in meta.Select(p => p.Key).Union(oldMeta.Select(p => p.Key)))
            if (field is not ("resourceVersion" or "managedFields") && !JsonNode.DeepEquals(meta[field], oldMeta[field])) return false;
        return true;
    }
}
