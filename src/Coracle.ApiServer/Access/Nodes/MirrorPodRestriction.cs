using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>A node creates only the mirrors of its static pods, and those refer to nothing that it could then read.</summary>
internal static class MirrorPodRestriction
{
    private const string MirrorAnnotation = "kubernetes.io/config.mirror";

    public static ApiStatus? Check(string node, NodeWrite write, Func<string, JsonElement?> findNode)
    {
        var pod = write.Object;
        var who = $"node {GoText.Quote(node)}";
        if (pod.At("metadata", "annotations", MirrorAnnotation) is null)
            return write.Forbidden($"pod does not have {GoText.Quote(MirrorAnnotation)} annotation, {who} can only create mirror pods");
        if (pod.Text("spec", "nodeName") != node)
            return write.Forbidden($"{who} can only create pods with spec.nodeName set to itself");
        return Owner(node, who, write, findNode) ?? (References(pod) is { } what ? write.Forbidden($"{who} can not create pods that reference {what}") : null);
    }

    private static ApiStatus? Owner(string node, string who, NodeWrite write, Func<string, JsonElement?> findNode)
    {
        var owners = write.Object.Items("metadata", "ownerReferences").ToList();
        if (owners.Count > 1)
            return write.Forbidden($"{who} can only create pods with a single owner reference set to itself");
        if (owners.Count == 0)
            return write.Forbidden($"{who} can only create pods with an owner reference set to itself");
        var owner = owners[0];
        if (owner.Text("apiVersion") != "v1" || owner.Text("kind") != "Node" || owner.Text("name") != node)
            return write.Forbidden($"{who} can only create pods with an owner reference set to itself");
        if (!owner.IsTrue("controller"))
            return write.Forbidden($"{who} can only create pods with a controller owner reference set to itself");
        if (owner.IsTrue("blockOwnerDeletion"))
            return write.Forbidden($"{who} must not set blockOwnerDeletion on an owner reference");
        if (findNode(node) is not { } found)
            return Refusals.NotFound("", "node", node);
        var (given, actual) = (owner.Text("uid"), found.Text("metadata", "uid"));
        return given == actual ? null : write.Forbidden($"node {node} UID mismatch: expected {given} got {actual}");
    }

    private static string? References(JsonElement pod)
    {
        if (pod.Text("spec", "serviceAccountName").Length > 0)
            return "a service account";
        if (PodReferences.Secrets(pod).Any())
            return "secrets";
        if (PodReferences.ConfigMaps(pod).Any())
            return "configmaps";
        var volumes = pod.Items("spec", "volumes").ToList();
        if (volumes.SelectMany(volume => volume.Items("projected", "sources")).Any(source => source.At("clusterTrustBundle") is not null))
            return "clustertrustbundles";
        return volumes.Any(volume => volume.At("persistentVolumeClaim") is not null) ? "persistentvolumeclaims" : null;
    }
}
