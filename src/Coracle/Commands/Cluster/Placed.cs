using Coracle.Sdk;

namespace Coracle.Commands.Cluster;

/// <summary>An object of a file, and where it belongs on the cluster.</summary>
internal sealed record Placed(Manifest Manifest, ApiResource Resource, Key Key)
{
    public static async Task<Placed> Of(ClusterSession session, Manifest manifest, CancellationToken cancel)
    {
        var found = (await session.Discover(cancel)).Find(manifest.ApiVersion, manifest.Kind)?.Resource ?? throw new CommandException(
            $"resource mapping not found for name: \"{manifest.Name}\" namespace: \"{manifest.Namespace}\" from \"{manifest.Source}\": no matches for kind \"{manifest.Kind}\" in version \"{manifest.ApiVersion}\"\nensure CRDs are installed first");
        if (manifest.Name.Length == 0) throw new CommandException($"error when retrieving current configuration of {manifest.Kind} from \"{manifest.Source}\": resource name may not be empty");
        if (!found.Namespaced) return new(manifest, found, new("", manifest.Name));
        if (session.IsNamespaceGiven && manifest.Namespace.Length > 0 && manifest.Namespace != session.Namespace)
            throw new CommandException($"the namespace from the provided object \"{manifest.Namespace}\" does not match the namespace \"{session.Namespace}\". You must pass '--namespace={manifest.Namespace}' to perform this operation.");
        if (manifest.Namespace.Length == 0) manifest.Json["metadata"]!["namespace"] = session.Namespace; // what is sent says where it belongs, as kubectl's
        return new(manifest, found, new(manifest.Namespace, manifest.Name));
    }
}
