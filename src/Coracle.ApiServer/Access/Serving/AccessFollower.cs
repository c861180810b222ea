using System.Globalization;
using System.Text;
using System.Text.Json;
using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>The roles and bindings, the needs of nodes and the objects of tokens at this moment, by the watch cache.</summary>
public sealed class AccessFollower
{
    private readonly CacheFollower _rbacFollower;
    private readonly CacheFollower _nodesFollower;
    private volatile RbacIndex _rbac = RbacIndex.Empty;
    private volatile NodeGraph _nodes = new();

    public AccessFollower(WatchCache cache)
    {
        _rbacFollower = new CacheFollower(() => _rbac = RbacIndex.Empty,
        [
            OfRbac<ClusterRole>(cache, "clusterroles", (index, role) => index.Set(role), (index, gone) => index.RemoveClusterRole(gone.Name)),
            OfRbac<Role>(cache, "roles", (index, role) => index.Set(role), (index, gone) => index.RemoveRole(gone.Namespace, gone.Name)),
            OfRbac<ClusterRoleBinding>(cache, "clusterrolebindings", (index, binding) => index.Set(binding), (index, gone) => index.RemoveClusterRoleBinding(gone.Name)),
            OfRbac<RoleBinding>(cache, "rolebindings", (index, binding) => index.Set(binding), (index, gone) => index.RemoveRoleBinding(gone.Namespace, gone.Name)),
        ]);
        _nodesFollower = new CacheFollower(() => _nodes = new NodeGraph(), [.. NodeGraph.Watched.Select(watched => OfNodes(cache, watched.Group, watched.Resource))]);
        Lookups = LookupsOf(cache);
        FindSecret = (ns, name) => cache.Resource("secrets").Get($"{ns}/{name}") is { } found ? SecretOf(found) : null;
    }

    public RbacIndex Rbac
    {
        get
        {
            _rbacFollower.CatchUp();
            return _rbac;
        }
    }

    public NodeGraph Nodes
    {
        get
        {
            _nodesFollower.CatchUp();
            return _nodes;
        }
    }

    /// <summary>The objects that tokens are bound to.</summary>
    public TokenLookups Lookups { get; }

    /// <summary>The secrets of <see cref="BootstrapTokens"/>.</summary>
    public Func<string, string, (string Type, IReadOnlyDictionary<string, string> Data)?> FindSecret { get; }

    private Followed OfRbac<T>(WatchCache cache, string resource, Func<RbacIndex, T, RbacIndex> set, Func<RbacIndex, StoredObject, RbacIndex> remove)
        where T : class, IApiType<T> =>
        new(
            cache.Resource($"{resource}.rbac.authorization.k8s.io"),
            current => _rbac = Read<T>(current) is { } read ? set(_rbac, read) : remove(_rbac, current),
            gone => _rbac = remove(_rbac, gone));

    // What cannot be read grants nothing; it must not keep the others from granting.
    private static T? Read<T>(StoredObject stored) where T : class, IApiType<T>
    {
        try
        {
            return stored.Typed<T>();
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private Followed OfNodes(WatchCache cache, string group, string resource) =>
        new(
            cache.Resource(group.Length == 0 ? resource : $"{resource}.{group}"),
            current => _nodes.Set(resource, current.Json.Span),
            gone => _nodes.Remove(resource, gone.Namespace, gone.Name));

    private static TokenLookups LookupsOf(WatchCache cache)
    {
        var (accounts, pods, secrets, nodes) = (cache.Resource("serviceaccounts"), cache.Resource("pods"), cache.Resource("secrets"), cache.Resource("nodes"));
        return new TokenLookups
        {
            ServiceAccount = (ns, name) => Bound(accounts.Get($"{ns}/{name}")),
            Secret = (ns, name) => Bound(secrets.Get($"{ns}/{name}")),
            Node = name => Bound(nodes.Get(name)),
            Pod = (ns, name) => pods.Get($"{ns}/{name}") is { } pod
                ? Bound(pod)! with { ServiceAccountName = pod.Field("spec.serviceAccountName"), NodeName = pod.Field("spec.nodeName") }
                : null,
        };
    }

    private static (string, IReadOnlyDictionary<string, string>)? SecretOf(StoredObject stored) =>
        Read<Secret>(stored) is { Metadata.DeletionTimestamp: null } secret
            ? (secret.Type, (secret.Data ?? []).ToDictionary(pair => pair.Key, pair => Encoding.UTF8.GetString(pair.Value)))
            : null;

    private static BoundObject? Bound(StoredObject? found)
    {
        if (found is null)
            return null;
        var deletion = found.Field("metadata.deletionTimestamp");
        return new(found.Uid, deletion.Length == 0 ? null : DateTimeOffset.Parse(deletion, CultureInfo.InvariantCulture));
    }
}
