using System.Globalization;
using System.Text;

namespace Coracle.ApiServer;

/// <summary>What is stored, by resource, in the Prometheus text format.</summary>
internal static class StorageMetrics
{
    public static void Render(StringBuilder text, Server server)
    {
        var kinds = server.Resources.All.Where(r => !server.Options.Reviews.ContainsKey(r.Kind.GroupVersionKind) && !server.Options.Found.ContainsKey(r.Kind.GroupVersionKind))
            .Select(r => (r.Storage.Group, r.Storage.Plural, r.Cache)).DistinctBy(r => r.Cache)
            .OrderBy(r => r.Group, StringComparer.Ordinal).ThenBy(r => r.Plural, StringComparer.Ordinal).ToList();
        text.Append("# HELP apiserver_storage_objects Objects that are stored, by resource.\n# TYPE apiserver_storage_objects gauge\n");
        foreach (var (group, plural, cache) in kinds)
            text.Append(CultureInfo.InvariantCulture, $"apiserver_storage_objects{{resource=\"{(group.Length == 0 ? plural : $"{plural}.{group}")}\"}} {cache.Last.After.Count}\n");
        text.Append("# HELP apiserver_resource_objects Objects that are stored, by group and resource.\n# TYPE apiserver_resource_objects gauge\n");
        foreach (var (group, plural, cache) in kinds)
            text.Append(CultureInfo.InvariantCulture, $"apiserver_resource_objects{{group=\"{group}\",resource=\"{plural}\"}} {cache.Last.After.Count}\n");
        text.Append("# HELP kubernetes_build_info What the server is.\n# TYPE kubernetes_build_info gauge\n");
        text.Append($"kubernetes_build_info{{build_date=\"1970-01-01T00:00:00Z\",compiler=\"dotnet\",git_commit=\"\",git_tree_state=\"clean\",git_version=\"{VersionInfo.GitVersion}\",go_version=\"\",major=\"{VersionInfo.Major}\",minor=\"{VersionInfo.Minor}\",platform=\"linux/amd64\"}} 1\n");
    }
}
