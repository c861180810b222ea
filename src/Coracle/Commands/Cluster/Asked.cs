using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>Objects that a user names: all of a resource, or one of them. <see cref="Name"/> is "" for all.</summary>
internal sealed record Asked(DiscoveredResource Found, string Name)
{
    public ApiResource Resource => Found.Resource;

    /// <summary>"pod", "deployment.apps": how kubectl names a kind in its results.</summary>
    public static string Kind(ApiResource resource)
    {
        var kind = resource.Kind.ToLowerInvariant();
        return resource.Group.Length == 0 ? kind : $"{kind}.{resource.Group}";
    }

    /// <summary>Reads "pods", "pods,deploy a b" and "pod/a deploy/b".</summary>
    public static async Task<IReadOnlyList<Asked>> Read(ClusterSession session, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var list = new List<Asked>();
        if (arguments.Any(a => a.Contains('/', StringComparison.Ordinal)))
        {
            foreach (var argument in arguments)
            {
                var parts = argument.Split('/');
                if (parts.Length == 1)
                    throw new CommandException("there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'");
                if (parts.Length > 2 || parts.Any(p => p.Length == 0)) throw new CommandException($"arguments in resource/name form must have a single resource and name");
                list.Add(new(await session.Resource(parts[0], cancel), parts[1]));
            }
            return list;
        }
        foreach (var type in arguments[0].Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var found = await Types(session, type, cancel);
            foreach (var resource in found)
            {
                if (arguments.Count == 1) list.Add(new(resource, ""));
                else list.AddRange(arguments.Skip(1).Select(name => new Asked(resource, name)));
            }
        }
        return list;
    }

    // "all" and its like stand for several.
    private static async Task<IReadOnlyList<DiscoveredResource>> Types(ClusterSession session, string type, CancellationToken cancel)
    {
        var discovery = await session.Discover(cancel);
        if (discovery.FindByName(type) is { } one) return [one];
        var several = discovery.Preferred.Where(r => r.Categories.Contains(type, StringComparer.Ordinal) && r.Can("list")).ToList();
        return several.Count > 0 ? several : [await session.Resource(type, cancel)];
    }
}
