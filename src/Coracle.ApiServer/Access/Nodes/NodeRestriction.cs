using System.Text.Json;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>
/// Keeps a kubelet's writes to its own node and to the pods bound to it (upstream: plugin/pkg/admission/noderestriction). Runs after mutating admission.
/// </summary>
/// <param name="find">An object by resource ("pods", "nodes", "persistentvolumeclaims", "persistentvolumes", "csidrivers"), namespace and name; null when there is none.</param>
/// <param name="authorize">All authorizers, asked whether a node may request tokens for an audience that its pod does not name.</param>
public sealed class NodeRestriction(Func<string, string, string, JsonElement?> find, Authorizer authorize)
{
    /// <summary>Why the write is refused; null when nothing speaks against it. Writers that are no nodes pass.</summary>
    public ValueTask<ApiStatus?> CheckAsync(NodeWrite write, CancellationToken cancel)
    {
        if (NodeIdentity.Of(write.User) is not { } node)
            return default;
        if (node.Length == 0)
            return new(write.Forbidden($"could not determine node from user {GoText.Quote(write.User.Name)}"));
        return write is { Group: "", Resource: "serviceaccounts", Subresource: "token" } ? Token(node, write, cancel) : new(Check(node, write));
    }

    private ApiStatus? Check(string node, NodeWrite write)
    {
        return (write.Group, write.Resource, write.Subresource) switch
        {
            ("", "pods", "") => Pod(node, write),
            ("", "pods", "status") => PodStatus(node, write),
            ("", "pods", "eviction") => Eviction(node, write),
            ("", "pods", _) => write.Forbidden($"unexpected pod subresource {GoText.Quote(write.Subresource)}, only 'status' and 'eviction' are allowed"),
            ("", "nodes", _) => NodeObjectRestriction.Check(node, write),
            ("", "persistentvolumeclaims", "status") => ClaimStatus(node, write),
            ("", "persistentvolumeclaims", _) => write.Forbidden("may only update PVC status"),
            ("coordination.k8s.io", "leases", _) => Lease(node, write),
            ("storage.k8s.io", "csinodes", _) => OwnName(node, write, "can only access CSINode with the same name as the requesting node"),
            ("resource.k8s.io", "resourceslices", _) => Slice(node, write),
            ("certificates.k8s.io", "certificatesigningrequests", _) => SigningRequest(node, write),
            _ => null,
        };
    }

    private ApiStatus? Pod(string node, NodeWrite write)
    {
        if (write.Operation == "CREATE")
            return MirrorPodRestriction.Check(node, write, name => find("nodes", "", name));
        if (write.Operation != "DELETE")
            return write.Forbidden($"unexpected operation {GoText.Quote(write.Operation)}, node {GoText.Quote(node)} can only create and delete mirror pods");
        if (find("pods", write.Namespace, write.Name) is not { } pod)
            return Refusals.NotFound("", "pod", write.Name);
        return pod.Text("spec", "nodeName") == node ? null : write.Forbidden($"node {GoText.Quote(node)} can only delete pods with spec.nodeName set to itself");
    }

    private static ApiStatus? PodStatus(string node, NodeWrite write)
    {
        var who = $"node {GoText.Quote(node)}";
        if (write.Operation != "UPDATE")
            return write.Forbidden($"unexpected operation {GoText.Quote(write.Operation)}");
        if (write.Old.Text("spec", "nodeName") != node)
            return write.Forbidden($"{who} can only update pod status for pods with spec.nodeName set to itself");
        if (!JsonSameness.Same(write.Old.At("metadata", "labels"), write.Object.At("metadata", "labels")))
            return write.Forbidden($"{who} cannot update labels through pod status");
        if (!JsonSameness.Same(write.Old.At("status", "resourceClaimStatuses"), write.Object.At("status", "resourceClaimStatuses")))
            return write.Forbidden($"{who} cannot update resource claim statues");
        return JsonSameness.Same(write.Old.At("status", "extendedResourceClaimStatus"), write.Object.At("status", "extendedResourceClaimStatus"))
            ? null
            : write.Forbidden($"{who} cannot update extended resource claim status");
    }

    private ApiStatus? Eviction(string node, NodeWrite write)
    {
        if (write.Operation != "CREATE")
            return write.Forbidden($"unexpected operation {write.Operation}");
        if (write.ObjectName.Length == 0)
            return write.Forbidden("could not determine pod from request data");
        if (find("pods", write.Namespace, write.ObjectName) is not { } pod)
            return Refusals.NotFound("", "pod", write.ObjectName);
        return pod.Text("spec", "nodeName") == node ? null : write.Forbidden($"node {node} can only evict pods with spec.nodeName set to itself");
    }

    private static ApiStatus? ClaimStatus(string node, NodeWrite write)
    {
        if (write.Operation != "UPDATE")
            return write.Forbidden($"unexpected operation {GoText.Quote(write.Operation)}");
        var difference = JsonSameness.FirstDifference(write.Old, write.Object,
            "metadata.resourceVersion", "metadata.managedFields", "status.capacity", "status.conditions", "status.allocatedResources", "status.allocatedResourceStatuses");
        return difference is null
            ? null
            : write.Forbidden($"node {GoText.Quote(node)} is not allowed to update fields other than status.quantity and status.conditions: {difference}");
    }

    private async ValueTask<ApiStatus?> Token(string node, NodeWrite write, CancellationToken cancel)
    {
        if (write.Operation != "CREATE")
            return null;
        var reference = write.Object.At("spec", "boundObjectRef") ?? default;
        if (reference.Text("apiVersion") != "v1" || reference.Text("kind") != "Pod" || reference.Text("name").Length == 0)
            return write.Forbidden("node requested token not bound to a pod");
        var uid = reference.Text("uid");
        if (uid.Length == 0)
            return write.Forbidden("node requested token with a pod binding without a uid");
        if (find("pods", write.Namespace, reference.Text("name")) is not { } pod)
            return Refusals.NotFound("", "pod", reference.Text("name"));
        if (pod.Text("metadata", "uid") != uid)
            return write.Forbidden($"the UID in the bound object reference ({uid}) does not match the UID in record. The object might have been deleted and then recreated");
        if (pod.Text("spec", "nodeName") != node)
            return write.Forbidden("node requested token bound to a pod scheduled on a different node");
        return await Audience(write, pod, cancel) is { } cause ? write.Forbidden(cause) : null;
    }

    /// <summary>A node may ask for the audiences that its pod's volumes name, and for those that it is allowed by name.</summary>
    private async ValueTask<string?> Audience(NodeWrite write, JsonElement pod, CancellationToken cancel)
    {
        var audiences = write.Object.Items("spec", "audiences").Select(audience => audience.Text()).ToList();
        if (audiences.Count > 1)
            return "node may only request 0 or 1 audiences";
        var audience = audiences.FirstOrDefault("");
        if (pod.Items("spec", "volumes").Any(volume => NamesAudience(pod, volume, audience)))
            return null;
        var attributes = new RequestAttributes
        {
            User = write.User, Verb = "request-serviceaccounts-token-audience", ApiVersion = "v1", Resource = audience,
            Namespace = write.Namespace, Name = pod.Text("spec", "serviceAccountName"),
        };
        return (await authorize(attributes, cancel)).IsAllowed
            ? null
            : $"audience {GoText.Quote(audience)} not found in pod spec volume, {write.User.Name} is not authorized to request tokens for this audience";
    }

    private bool NamesAudience(JsonElement pod, JsonElement volume, string audience)
    {
        foreach (var source in volume.Items("projected", "sources"))
            if (source.At("serviceAccountToken") is { } token && token.Text("audience") == audience)
                return true;
        return DriverOf(pod, volume) is { Length: > 0 } driver && find("csidrivers", "", driver) is { } found
            && found.Items("spec", "tokenRequests").Any(request => request.Text("audience") == audience);
    }

    private string DriverOf(JsonElement pod, JsonElement volume)
    {
        if (volume.At("csi") is { } csi)
            return csi.Text("driver");
        var claimName = PodReferences.ClaimOf(pod, volume);
        if (claimName.Length == 0 || find("persistentvolumeclaims", pod.Text("metadata", "namespace"), claimName) is not { } claim)
            return "";
        return find("persistentvolumes", "", claim.Text("spec", "volumeName")) is { } persistent ? persistent.Text("spec", "csi", "driver") : "";
    }

    private static ApiStatus? Lease(string node, NodeWrite write) => write.Namespace != "kube-node-lease"
        ? write.Forbidden("can only access leases in the \"kube-node-lease\" system namespace")
        : OwnName(node, write, "can only access node lease with the same name as the requesting node");

    private static ApiStatus? OwnName(string node, NodeWrite write, string cause)
    {
        var name = write.Operation == "CREATE" ? write.Object.Text("metadata", "name") : write.Name;
        return name == node ? null : write.Forbidden(cause);
    }

    private static ApiStatus? Slice(string node, NodeWrite write) => write.Operation switch
    {
        "CREATE" when write.Object.Text("spec", "nodeName") != node => write.Forbidden("can only create ResourceSlice with the same NodeName as the requesting node"),
        "DELETE" when write.Old.Text("spec", "nodeName") != node => write.Forbidden("can only delete ResourceSlice with the same NodeName as the requesting node"),
        _ => null,
    };

    private static ApiStatus? SigningRequest(string node, NodeWrite write)
    {
        if (write.Operation != "CREATE" || write.Object.Text("spec", "signerName") is not ("kubernetes.io/kubelet-serving" or "kubernetes.io/kube-apiserver-client-kubelet"))
            return null;
        if (SigningRequestText.Subject(write.Object.Text("spec", "request")) is not { } subject)
            return write.Forbidden("unable to parse csr: PEM block type must be CERTIFICATE REQUEST");
        var expected = WellKnown.NodeUserPrefix + node;
        return subject.CommonName == expected ? null : write.Forbidden($"can only create a node CSR with CN={expected}");
    }
}
