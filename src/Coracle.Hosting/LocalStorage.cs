using Coracle.Controllers.Volumes;
using Coracle.Kinds.Meta.V1;
using Coracle.Kinds.Rbac.V1;
using Coracle.Kinds.Storage.V1;
using Coracle.Node.Agent;
using Coracle.Sdk;

namespace Coracle.Hosting;

/// <summary>
/// The class of storage that a cluster has from the start, "standard", and the rights of who makes its volumes. The class is made once: one that an
/// administrator has changed or taken away stays so.
/// </summary>
internal static class LocalStorage
{
    private const string RoleName = "coracle:local-path-provisioner";

    public static async Task EnsureAsync(Client client, CancellationToken cancel)
    {
        var isNew = await Ensure(client, new ClusterRole
        {
            Metadata = new() { Name = RoleName },
            Rules =
            [
                new() { ApiGroups = [""], Resources = ["persistentvolumes"], Verbs = ["get", "list", "watch", "create", "update", "delete"] },
                new() { ApiGroups = [""], Resources = ["persistentvolumeclaims"], Verbs = ["get", "list", "watch"] },
                new() { ApiGroups = [""], Resources = ["persistentvolumeclaims/status"], Verbs = ["update"] },
                new() { ApiGroups = ["storage.k8s.io"], Resources = ["storageclasses"], Verbs = ["get", "list", "watch"] },
                new() { ApiGroups = ["", "events.k8s.io"], Resources = ["events"], Verbs = ["create", "patch", "update"] },
            ],
        }, cancel);
        await Ensure(client, new ClusterRoleBinding
        {
            Metadata = new() { Name = RoleName },
            RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = RoleName },
            Subjects = [new() { Kind = "ServiceAccount", Namespace = "kube-system", Name = LocalPathReconciler.Account }],
        }, cancel);
        if (isNew) await Ensure(client, new StorageClass
        {
            Metadata = new() { Name = "standard", Annotations = new() { ["storageclass.kubernetes.io/is-default-class"] = "true" } },
            Provisioner = LocalPathReconciler.Provisioner, VolumeBindingMode = VolumeBindingMode.WaitForFirstConsumer, ReclaimPolicy = "Delete",
        }, cancel);
    }

    private static async Task<bool> Ensure<T>(Client client, T obj, CancellationToken cancel) where T : class, IKind<T>
    {
        if (await client.TryGetAsync<T>(Key.Of(obj), cancel) is not null) return false;
        var created = await client.TryCreateAsync(obj, cancel);
        if (!created.Ok && !created.IsAlreadyExists) created.OrThrow();
        return created.Ok;
    }
}

/// <summary>The directories of those nodes that run in this process.</summary>
internal sealed class NodeDirectories(Func<string, NodeApi?> nodes) : INodeDirectories
{
    public string? PathOf(string node, string volume) => nodes(node)?.VolumeDirectory(volume);
    public void Make(string node, string volume) => Find(node).MakeVolume(volume);
    public void Remove(string node, string volume) => Find(node).RemoveVolume(volume);

    private NodeApi Find(string node) => nodes(node) ?? throw new ReconcileException($"node \"{node}\" cannot be reached");
}
