using System.Text.Json;

namespace Coracle.ApiServer.Access;

/// <summary>
/// What each node's pods need: the answer to "may this node read that secret" (upstream's node authorizer graph). Fed with every change of the resources
/// named in <see cref="Watched"/>, from one place; asked from anywhere.
/// </summary>
public sealed class NodeGraph
{
    /// <summary>The group and resource of the objects that the graph must be told of.</summary>
    public static IReadOnlyList<(string Group, string Resource)> Watched { get; } =
    [
        ("", "pods"), ("", "persistentvolumes"), ("storage.k8s.io", "volumeattachments"), ("resource.k8s.io", "resourceslices"), ("certificates.k8s.io", "podcertificaterequests"),
    ];

    private readonly Lock _lock = new();

    // Pods are the roots: each holds its node and, by kind, what it refers to. An object's nodes are counted, because several pods may need it.
    private readonly Dictionary<ObjectKey, PodEntry> _pods = [];
    private readonly Dictionary<ObjectKey, Dictionary<string, int>> _nodesByObject = [];
    private readonly Dictionary<string, VolumeEntry> _volumes = [];
    private readonly Dictionary<ObjectKey, HashSet<string>> _volumesBySecret = [];
    private readonly Dictionary<ObjectKey, string> _owned = [];

    /// <summary>An object was created or changed.</summary>
    /// <param name="resource">One of <see cref="Watched"/>, without its group.</param>
    /// <param name="json">The object.</param>
    public void Set(string resource, ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Schema.ApiJson.ReaderOptions);
        using var document = JsonDocument.ParseValue(ref reader);
        var root = document.RootElement;
        lock (_lock)
        {
            switch (resource)
            {
                case "pods": SetPod(root); break;
                case "persistentvolumes": SetVolume(root); break;
                case "volumeattachments": SetOwned(NodeObject.VolumeAttachment, root, root.Text("spec", "nodeName")); break;
                case "resourceslices": SetOwned(NodeObject.ResourceSlice, root, root.Text("spec", "nodeName")); break;
                case "podcertificaterequests": SetOwned(NodeObject.PodCertificateRequest, root, root.Text("spec", "nodeName")); break;
            }
        }
    }

    /// <summary>An object is gone.</summary>
    public void Remove(string resource, string ns, string name)
    {
        lock (_lock)
        {
            switch (resource)
            {
                case "pods": RemovePod(new(NodeObject.Pod, ns, name)); break;
                case "persistentvolumes": RemoveVolume(name); break;
                case "volumeattachments": _owned.Remove(new(NodeObject.VolumeAttachment, "", name)); break;
                case "resourceslices": _owned.Remove(new(NodeObject.ResourceSlice, "", name)); break;
                case "podcertificaterequests": _owned.Remove(new(NodeObject.PodCertificateRequest, ns, name)); break;
            }
        }
    }

    /// <summary>Whether an object belongs to a node, or a pod on the node needs it.</summary>
    public bool IsRelated(string node, NodeObject kind, string ns, string name)
    {
        lock (_lock)
        {
            var key = new ObjectKey(kind, ns, name);
            return kind switch
            {
                NodeObject.VolumeAttachment or NodeObject.ResourceSlice or NodeObject.PodCertificateRequest => _owned.GetValueOrDefault(key) == node,
                NodeObject.Volume => IsVolumeOn(node, name),
                NodeObject.Secret => IsOn(node, key) || (_volumesBySecret.TryGetValue(key, out var volumes) && volumes.Any(volume => IsVolumeOn(node, volume))),
                _ => IsOn(node, key),
            };
        }
    }

    private bool IsOn(string node, ObjectKey key) => _nodesByObject.TryGetValue(key, out var nodes) && nodes.ContainsKey(node);

    private bool IsVolumeOn(string node, string volume) => _volumes.TryGetValue(volume, out var entry) && IsOn(node, entry.Claim);

    private void SetPod(JsonElement pod)
    {
        var key = new ObjectKey(NodeObject.Pod, pod.Text("metadata", "namespace"), pod.Text("metadata", "name"));
        var node = pod.Text("spec", "nodeName");
        // A bound pod's needs change with these alone, and most changes of pods are status updates that leave them.
        var version = new PodVersion(pod.Text("metadata", "uid"), node, pod.Items("spec", "ephemeralContainers").Count(), string.Join(',', PodReferences.ResourceClaims(pod)));
        if (_pods.TryGetValue(key, out var old) && old.Version == version)
            return;
        RemovePod(key);
        if (node.Length == 0)
            return;
        var needs = Needs(key, pod);
        _pods.Add(key, new PodEntry(version, needs));
        foreach (var need in needs)
        {
            if (!_nodesByObject.TryGetValue(need, out var nodes))
                _nodesByObject.Add(need, nodes = []);
            nodes[node] = nodes.GetValueOrDefault(node) + 1;
        }
    }

    private static List<ObjectKey> Needs(ObjectKey key, JsonElement pod)
    {
        var needs = new List<ObjectKey> { key };
        // A node that could create pods with references could read what it likes, so mirror pods give it nothing.
        if (pod.At("metadata", "annotations", "kubernetes.io/config.mirror") is not null)
            return needs;
        if (pod.Text("spec", "serviceAccountName") is { Length: > 0 } account)
            needs.Add(new(NodeObject.ServiceAccount, key.Namespace, account));
        needs.AddRange(PodReferences.Secrets(pod).Select(name => new ObjectKey(NodeObject.Secret, key.Namespace, name)));
        needs.AddRange(PodReferences.ConfigMaps(pod).Select(name => new ObjectKey(NodeObject.ConfigMap, key.Namespace, name)));
        needs.AddRange(PodReferences.Claims(pod).Distinct().Select(name => new ObjectKey(NodeObject.Claim, key.Namespace, name)));
        needs.AddRange(PodReferences.ResourceClaims(pod).Select(name => new ObjectKey(NodeObject.ResourceClaim, key.Namespace, name)));
        return needs;
    }

    private void RemovePod(ObjectKey key)
    {
        if (!_pods.Remove(key, out var entry))
            return;
        foreach (var need in entry.Needs)
        {
            var nodes = _nodesByObject[need];
            if (--nodes[entry.Version.Node] > 0)
                continue;
            nodes.Remove(entry.Version.Node);
            if (nodes.Count == 0)
                _nodesByObject.Remove(need);
        }
    }

    private void SetVolume(JsonElement volume)
    {
        var name = volume.Text("metadata", "name");
        RemoveVolume(name);
        if (volume.At("spec", "claimRef") is not { } claim)
            return;
        var claimNamespace = claim.Text("namespace");
        var secrets = VolumeSecrets.Of(volume, claimNamespace).Select(secret => new ObjectKey(NodeObject.Secret, secret.Namespace, secret.Name)).Distinct().ToList();
        _volumes.Add(name, new VolumeEntry(new(NodeObject.Claim, claimNamespace, claim.Text("name")), secrets));
        foreach (var secret in secrets)
        {
            if (!_volumesBySecret.TryGetValue(secret, out var volumes))
                _volumesBySecret.Add(secret, volumes = []);
            volumes.Add(name);
        }
    }

    private void RemoveVolume(string name)
    {
        if (!_volumes.Remove(name, out var entry))
            return;
        foreach (var secret in entry.Secrets)
            if (_volumesBySecret[secret].Remove(name) && _volumesBySecret[secret].Count == 0)
                _volumesBySecret.Remove(secret);
    }

    private void SetOwned(NodeObject kind, JsonElement element, string node)
    {
        var key = new ObjectKey(kind, element.Text("metadata", "namespace"), element.Text("metadata", "name"));
        if (node.Length == 0)
            _owned.Remove(key);
        else
            _owned[key] = node;
    }

    private readonly record struct ObjectKey(NodeObject Kind, string Namespace, string Name);

    private readonly record struct PodVersion(string Uid, string Node, int EphemeralContainers, string ResourceClaims);

    private sealed record PodEntry(PodVersion Version, List<ObjectKey> Needs);

    private sealed record VolumeEntry(ObjectKey Claim, List<ObjectKey> Secrets);
}

/// <summary>The kinds of objects that a node may read when they are related to it.</summary>
public enum NodeObject
{
    Pod, Secret, ConfigMap, ServiceAccount, Claim, Volume, ResourceClaim, VolumeAttachment, ResourceSlice, PodCertificateRequest,
}
