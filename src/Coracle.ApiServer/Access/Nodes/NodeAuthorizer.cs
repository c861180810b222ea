using Coracle.Kinds.Rbac.V1;
using Coracle.Schema;

namespace Coracle.ApiServer.Access;

/// <summary>
/// What a kubelet may do: read what the pods on its node need, and act on its own node, pods, lease and CSINode. Everything else that nodes need alike is in
/// the rules. Never denies, because other authorizers may know more. (Upstream: plugin/pkg/auth/authorizer/node.)
/// </summary>
/// <param name="graph">What nodes' pods need at this moment.</param>
/// <param name="nodeRules">What all nodes may do alike.</param>
public sealed class NodeAuthorizer(Func<NodeGraph> graph, IReadOnlyList<PolicyRule> nodeRules)
{
    private readonly CompiledRule[] _rules = [.. nodeRules.Select(rule => new CompiledRule(rule))];

    public Decision Authorize(RequestAttributes request)
    {
        if (NodeIdentity.Of(request.User) is not { } node)
            return Decision.NoOpinion();
        if (node.Length == 0)
            return Decision.NoOpinion($"unknown node for user {GoText.Quote(request.User.Name)}");
        if (!request.IsResourceRequest)
            return ByRules(request);
        return (request.ApiGroup, request.Resource) switch
        {
            ("", "secrets") => Read(node, NodeObject.Secret, request),
            ("", "configmaps") => Read(node, NodeObject.ConfigMap, request),
            ("", "persistentvolumeclaims") => request.Subresource == "status" ? ClaimStatus(node, request) : Get(node, NodeObject.Claim, request),
            ("", "persistentvolumes") => Get(node, NodeObject.Volume, request),
            ("resource.k8s.io", "resourceclaims") => Get(node, NodeObject.ResourceClaim, request),
            ("storage.k8s.io", "volumeattachments") => Get(node, NodeObject.VolumeAttachment, request),
            ("", "serviceaccounts") => ServiceAccount(node, request),
            ("coordination.k8s.io", "leases") => Lease(node, request),
            ("storage.k8s.io", "csinodes") => CsiNode(node, request),
            ("resource.k8s.io", "resourceslices") => ResourceSlice(node, request),
            ("", "nodes") => Node(node, request),
            ("", "pods") => Pod(node, request),
            ("certificates.k8s.io", "podcertificaterequests") => PodCertificateRequest(node, request),
            _ => ByRules(request),
        };
    }

    private Decision ByRules(RequestAttributes request)
    {
        var verb = VerbBits.Of(request.Verb);
        foreach (var rule in _rules)
            if (rule.Allows(request, verb))
                return Decision.Allow();
        return Decision.NoOpinion();
    }

    private Decision Related(string node, NodeObject kind, RequestAttributes request)
    {
        if (request.Name.Length == 0)
            return Decision.NoOpinion("No Object name found");
        return IsRelated(node, kind, request) ? Decision.Allow() : Decision.NoOpinion($"no relationship found between node '{node}' and this object");
    }

    private bool IsRelated(string node, NodeObject kind, RequestAttributes request)
    {
        var isNamespaced = kind is not (NodeObject.Volume or NodeObject.VolumeAttachment or NodeObject.ResourceSlice);
        return graph().IsRelated(node, kind, isNamespaced ? request.Namespace : "", request.Name);
    }

    private Decision Get(string node, NodeObject kind, RequestAttributes request)
    {
        if (request.Verb != "get")
            return Decision.NoOpinion("can only get individual resources of this type");
        return request.Subresource.Length > 0 ? Decision.NoOpinion("cannot get subresource") : Related(node, kind, request);
    }

    private Decision Read(string node, NodeObject kind, RequestAttributes request)
    {
        if (!request.IsReadOnly)
            return Decision.NoOpinion("can only read resources of this type");
        if (request.Subresource.Length > 0)
            return Decision.NoOpinion("cannot read subresource");
        return request.Namespace.Length == 0 ? Decision.NoOpinion("can only read namespaced object of this type") : Related(node, kind, request);
    }

    private Decision ClaimStatus(string node, RequestAttributes request) => request.Verb is "update" or "patch"
        ? Related(node, NodeObject.Claim, request)
        : Decision.NoOpinion("can only get/update/patch this type");

    private Decision ServiceAccount(string node, RequestAttributes request)
    {
        if (request.Verb == "get" && request.Subresource.Length == 0)
            return Read(node, NodeObject.ServiceAccount, request);
        if (request.Verb != "create" || request.Name.Length == 0)
            return Decision.NoOpinion("can only create tokens for individual service accounts");
        return request.Subresource != "token"
            ? Decision.NoOpinion("can only create token subresource of serviceaccount")
            : Related(node, NodeObject.ServiceAccount, request);
    }

    private static Decision Lease(string node, RequestAttributes request)
    {
        if (request.Verb is not ("get" or "create" or "update" or "patch" or "delete"))
            return Decision.NoOpinion("can only get, create, update, patch, or delete a node lease");
        if (request.Namespace != NodeLeaseNamespace)
            return Decision.NoOpinion($"can only access leases in the {GoText.Quote(NodeLeaseNamespace)} system namespace");
        // A create does not say the name yet; admission looks at it.
        return request.Verb != "create" && request.Name != node
            ? Decision.NoOpinion("can only access node lease with the same name as the requesting node")
            : Decision.Allow();
    }

    private static Decision CsiNode(string node, RequestAttributes request)
    {
        if (request.Verb is not ("get" or "create" or "update" or "patch" or "delete"))
            return Decision.NoOpinion("can only get, create, update, patch, or delete a CSINode");
        if (request.Subresource.Length > 0)
            return Decision.NoOpinion("cannot authorize CSINode subresources");
        return request.Verb != "create" && request.Name != node
            ? Decision.NoOpinion("can only access CSINode with the same name as the requesting node")
            : Decision.Allow();
    }

    private Decision ResourceSlice(string node, RequestAttributes request)
    {
        if (request.Subresource.Length > 0)
            return Decision.NoOpinion("cannot authorize ResourceSlice subresources");
        return request.Verb switch
        {
            "create" => Decision.Allow(),
            "get" or "update" or "patch" or "delete" => Related(node, NodeObject.ResourceSlice, request),
            "watch" or "list" or "deletecollection" => Selects(request, "spec.nodeName", node)
                ? Decision.Allow()
                : Decision.NoOpinion("can only list/watch/deletecollection resourceslices with nodeName field selector"),
            _ => Decision.NoOpinion("only the following verbs are allowed for a ResourceSlice: get, watch, list, create, update, patch, delete, deletecollection"),
        };
    }

    private Decision PodCertificateRequest(string node, RequestAttributes request)
    {
        if (request.Subresource.Length > 0)
            return Decision.NoOpinion("nodes may not access the status subresource of PodCertificateRequests");
        return request.Verb switch
        {
            "create" => Decision.Allow(),
            "get" => Related(node, NodeObject.PodCertificateRequest, request),
            "list" or "watch" => Selects(request, "spec.nodeName", node)
                ? Decision.Allow()
                : Decision.NoOpinion("can only list/watch podcertificaterequests with nodeName field selector"),
            _ => Decision.NoOpinion($"nodes may not {request.Verb} podcertificaterequests"),
        };
    }

    // Creating and updating is allowed for every node and pod here; admission keeps a node to its own.
    private static Decision Node(string node, RequestAttributes request) => (request.Subresource, request.Verb) switch
    {
        ("", "create" or "update" or "patch") or ("status", "update" or "patch") => Decision.Allow(),
        ("", "get" or "list" or "watch") when request.Name == node => Decision.Allow(),
        ("", "get" or "list" or "watch") when request.Name.Length == 0 => Decision.NoOpinion($"node '{node}' cannot read all nodes, only its own Node object"),
        ("", "get" or "list" or "watch") => Decision.NoOpinion($"node '{node}' cannot read '{request.Name}', only its own Node object"),
        _ => Decision.NoOpinion(),
    };

    private Decision Pod(string node, RequestAttributes request) => (request.Subresource, request.Verb) switch
    {
        ("", "get") => Related(node, NodeObject.Pod, request),
        ("", "list" or "watch") when Selects(request, "spec.nodeName", node) => Decision.Allow(),
        ("", "list" or "watch") when request.Name.Length > 0 => Related(node, NodeObject.Pod, request),
        ("", "list" or "watch") => Decision.NoOpinion("can only list/watch pods with spec.nodeName field selector"),
        ("", "create" or "delete") or ("status", "update" or "patch") or ("eviction", "create") => Decision.Allow(),
        _ => Decision.NoOpinion(),
    };

    private static bool Selects(RequestAttributes request, string field, string value) =>
        request.FieldSelector.Any(term => !term.Negated && term.Field == field && term.Value == value);

    private const string NodeLeaseNamespace = "kube-node-lease";
}
