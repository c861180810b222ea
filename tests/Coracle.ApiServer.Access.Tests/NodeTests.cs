using System.Text;
using System.Text.Json;

namespace Coracle.ApiServer.Access.Tests;

public sealed class NodeTests
{
    private static readonly User NodeA = new() { Name = "system:node:a", Groups = ["system:nodes", "system:authenticated"] };

    private const string Pod = """
        {"metadata":{"name":"p","namespace":"n","uid":"1"},
         "spec":{"nodeName":"a","serviceAccountName":"sa","imagePullSecrets":[{"name":"pull"}],
          "containers":[{"env":[{"name":"x","valueFrom":{"secretKeyRef":{"name":"env-secret","key":"k"}}},{"name":"y","valueFrom":{"configMapKeyRef":{"name":"env-map","key":"k"}}}],
            "envFrom":[{"secretRef":{"name":"from-secret"}},{"configMapRef":{"name":"from-map"}}]}],
          "initContainers":[{"envFrom":[{"secretRef":{"name":"init-secret"}}]}],
          "volumes":[{"name":"v1","secret":{"secretName":"vol-secret"}},{"name":"v2","configMap":{"name":"vol-map"}},
            {"name":"v3","projected":{"sources":[{"secret":{"name":"proj-secret"}},{"configMap":{"name":"proj-map"}},{"serviceAccountToken":{"path":"t"}}]}},
            {"name":"v4","persistentVolumeClaim":{"claimName":"claim"}},{"name":"scratch","ephemeral":{"volumeClaimTemplate":{}}},
            {"name":"v6","csi":{"driver":"d","nodePublishSecretRef":{"name":"csi-secret"}}}],
          "resourceClaims":[{"name":"r","resourceClaimName":"device"},{"name":"t","resourceClaimTemplateName":"tpl"}]},
         "status":{"resourceClaimStatuses":[{"name":"t","resourceClaimName":"made-device"}]}}
        """;

    [Theory]
    [InlineData("get /api/v1/namespaces/n/secrets/pull", true)]
    [InlineData("get /api/v1/namespaces/n/secrets/env-secret", true)]
    [InlineData("get /api/v1/namespaces/n/secrets/from-secret", true)]
    [InlineData("get /api/v1/namespaces/n/secrets/init-secret", true)]
    [InlineData("get /api/v1/namespaces/n/secrets/vol-secret", true)]
    [InlineData("get /api/v1/namespaces/n/secrets/proj-secret", true)]
    [InlineData("get /api/v1/namespaces/n/secrets/csi-secret", true)]
    [InlineData("watch /api/v1/namespaces/n/secrets?watch=1&fieldSelector=metadata.name=vol-secret", true)]
    [InlineData("list /api/v1/namespaces/n/secrets", false)]
    [InlineData("get /api/v1/namespaces/m/secrets/vol-secret", false)]
    [InlineData("get /api/v1/namespaces/n/secrets/other", false)]
    [InlineData("update /api/v1/namespaces/n/secrets/vol-secret", false)]
    [InlineData("get /api/v1/namespaces/n/configmaps/env-map", true)]
    [InlineData("get /api/v1/namespaces/n/configmaps/from-map", true)]
    [InlineData("get /api/v1/namespaces/n/configmaps/vol-map", true)]
    [InlineData("get /api/v1/namespaces/n/configmaps/proj-map", true)]
    [InlineData("get /api/v1/namespaces/n/persistentvolumeclaims/claim", true)]
    [InlineData("get /api/v1/namespaces/n/persistentvolumeclaims/p-scratch", true)]
    [InlineData("patch /api/v1/namespaces/n/persistentvolumeclaims/claim/status", true)]
    [InlineData("patch /api/v1/namespaces/n/persistentvolumeclaims/claim", false)]
    [InlineData("get /api/v1/persistentvolumes/pv", true)]
    [InlineData("get /api/v1/persistentvolumes/other-pv", false)]
    [InlineData("get /api/v1/namespaces/vault/secrets/pv-secret", true)]
    [InlineData("get /api/v1/namespaces/n/serviceaccounts/sa", true)]
    [InlineData("create /api/v1/namespaces/n/serviceaccounts/sa/token", true)]
    [InlineData("create /api/v1/namespaces/n/serviceaccounts/other/token", false)]
    [InlineData("get /apis/resource.k8s.io/v1/namespaces/n/resourceclaims/device", true)]
    [InlineData("get /apis/resource.k8s.io/v1/namespaces/n/resourceclaims/made-device", true)]
    [InlineData("get /apis/storage.k8s.io/v1/volumeattachments/va", true)]
    [InlineData("get /apis/storage.k8s.io/v1/volumeattachments/vb", false)]
    [InlineData("get /api/v1/namespaces/n/pods/p", true)]
    [InlineData("get /api/v1/namespaces/n/pods/q", false)]
    [InlineData("list /api/v1/pods?fieldSelector=spec.nodeName=a", true)]
    [InlineData("watch /api/v1/pods?watch=1&fieldSelector=spec.nodeName%3Da", true)]
    [InlineData("list /api/v1/pods?fieldSelector=spec.nodeName=b", false)]
    [InlineData("list /api/v1/pods?fieldSelector=spec.nodeName!=a", false)]
    [InlineData("list /api/v1/pods", false)]
    [InlineData("create /api/v1/namespaces/n/pods/p/eviction", true)]
    [InlineData("patch /api/v1/namespaces/n/pods/p/status", true)]
    [InlineData("patch /api/v1/namespaces/n/pods/p", false)]
    [InlineData("get /api/v1/nodes/a", true)]
    [InlineData("watch /api/v1/nodes?watch=1&fieldSelector=metadata.name=a", true)]
    [InlineData("get /api/v1/nodes/b", false)]
    [InlineData("list /api/v1/nodes", false)]
    [InlineData("create /api/v1/nodes", true)]
    [InlineData("delete /api/v1/nodes/a", false)]
    [InlineData("patch /api/v1/nodes/a/status", true)]
    [InlineData("update /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/a", true)]
    [InlineData("update /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/b", false)]
    [InlineData("update /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/a", false)]
    [InlineData("create /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", true)]
    [InlineData("get /apis/storage.k8s.io/v1/csinodes/a", true)]
    [InlineData("get /apis/storage.k8s.io/v1/csinodes/b", false)]
    [InlineData("list /api/v1/services", true)]
    [InlineData("list /apis/node.k8s.io/v1/runtimeclasses", true)]
    [InlineData("list /apis/resource.k8s.io/v1/resourceslices?fieldSelector=spec.nodeName=a", true)]
    [InlineData("list /apis/resource.k8s.io/v1/resourceslices", false)]
    [InlineData("list /apis/apps/v1/deployments", false)]
    [InlineData("create /api/v1/namespaces/n/events", true)]
    [InlineData("get /healthz", false)]
    public void A_node_does_what_its_pods_need(string request, bool allowed) => Assert.Equal(allowed, Authorizer().Authorize(RbacTests.Request(request, NodeA)).IsAllowed);

    [Theory]
    [InlineData("get /api/v1/namespaces/n/secrets/other", "no relationship found between node 'a' and this object")]
    [InlineData("list /api/v1/namespaces/n/secrets", "No Object name found")]
    [InlineData("list /api/v1/secrets", "can only read namespaced object of this type")]
    [InlineData("delete /api/v1/namespaces/n/secrets/x", "can only read resources of this type")]
    [InlineData("get /api/v1/nodes/b", "node 'a' cannot read 'b', only its own Node object")]
    [InlineData("list /api/v1/nodes", "node 'a' cannot read all nodes, only its own Node object")]
    [InlineData("list /api/v1/pods", "can only list/watch pods with spec.nodeName field selector")]
    [InlineData("get /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/a", "can only access leases in the \"kube-node-lease\" system namespace")]
    [InlineData("list /api/v1/persistentvolumes", "can only get individual resources of this type")]
    public void A_refused_node_is_told_why(string request, string reason) => Assert.Equal(reason, Authorizer().Authorize(RbacTests.Request(request, NodeA)).Reason);

    [Fact]
    public void A_pod_that_is_gone_gives_its_node_nothing()
    {
        var graph = Graph();
        graph.Set("pods", Encoding.UTF8.GetBytes(Pod.Replace("\"name\":\"p\"", "\"name\":\"p2\"")));
        graph.Remove("pods", "n", "p");
        Assert.True(graph.IsRelated("a", NodeObject.Secret, "n", "vol-secret"));
        graph.Remove("pods", "n", "p2");
        Assert.False(graph.IsRelated("a", NodeObject.Secret, "n", "vol-secret"));
        Assert.False(graph.IsRelated("a", NodeObject.Volume, "", "pv"));
        Assert.False(graph.IsRelated("a", NodeObject.Secret, "vault", "pv-secret"));
        graph.Remove("pods", "n", "never-seen");
    }

    [Fact]
    public void A_pod_of_the_same_name_on_another_node_moves_its_needs_there()
    {
        var graph = Graph();
        graph.Set("pods", Encoding.UTF8.GetBytes(Pod.Replace("\"uid\":\"1\"", "\"uid\":\"2\"").Replace("\"nodeName\":\"a\"", "\"nodeName\":\"b\"")));
        Assert.False(graph.IsRelated("a", NodeObject.Secret, "n", "vol-secret"));
        Assert.True(graph.IsRelated("b", NodeObject.Secret, "n", "vol-secret"));
    }

    [Fact]
    public void A_mirror_pod_gives_its_node_nothing_but_itself()
    {
        var graph = new NodeGraph();
        graph.Set("pods", Encoding.UTF8.GetBytes(Pod.Replace("\"uid\":\"1\"", "\"uid\":\"1\",\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}")));
        Assert.True(graph.IsRelated("a", NodeObject.Pod, "n", "p"));
        Assert.False(graph.IsRelated("a", NodeObject.Secret, "n", "vol-secret"));
    }

    [Fact]
    public void Only_members_of_the_group_of_nodes_are_nodes()
    {
        Assert.Equal("a", NodeIdentity.Of(NodeA));
        Assert.Null(NodeIdentity.Of(NodeA with { Groups = [] }));
        Assert.Null(NodeIdentity.Of(NodeA with { Name = "a" }));
        Assert.Equal("unknown node for user \"system:node:\"", Authorizer().Authorize(RbacTests.Request("list /api/v1/pods", NodeA with { Name = "system:node:" })).Reason);
    }

    [Theory]
    [InlineData("CREATE", "pods", "", """{"metadata":{"name":"x"},"spec":{"nodeName":"a"}}""", "pods \"x\" is forbidden: pod does not have \"kubernetes.io/config.mirror\" annotation, node \"a\" can only create mirror pods")]
    [InlineData("CREATE", "pods", "", """{"metadata":{"name":"x","annotations":{"kubernetes.io/config.mirror":"h"}},"spec":{"nodeName":"b"}}""", "pods \"x\" is forbidden: node \"a\" can only create pods with spec.nodeName set to itself")]
    [InlineData("CREATE", "pods", "", """{"metadata":{"name":"x","annotations":{"kubernetes.io/config.mirror":"h"}},"spec":{"nodeName":"a"}}""", "pods \"x\" is forbidden: node \"a\" can only create pods with an owner reference set to itself")]
    [InlineData("CREATE", "pods", "", """{"metadata":{"name":"x","annotations":{"kubernetes.io/config.mirror":"h"},"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"a","uid":"u9","controller":true}]},"spec":{"nodeName":"a"}}""", "pods \"x\" is forbidden: node a UID mismatch: expected u9 got node-uid")]
    [InlineData("CREATE", "pods", "", """{"metadata":{"name":"x","annotations":{"kubernetes.io/config.mirror":"h"},"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"a","uid":"node-uid","controller":true}]},"spec":{"nodeName":"a","volumes":[{"secret":{"secretName":"s"}}]}}""", "pods \"x\" is forbidden: node \"a\" can not create pods that reference secrets")]
    [InlineData("CREATE", "pods", "", """{"metadata":{"name":"x","annotations":{"kubernetes.io/config.mirror":"h"},"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"a","uid":"node-uid","controller":true}]},"spec":{"nodeName":"a"}}""", null)]
    [InlineData("CREATE", "nodes", "", """{"metadata":{"name":"b"}}""", "nodes \"b\" is forbidden: node \"a\" is not allowed to modify node \"b\"")]
    [InlineData("CREATE", "nodes", "", """{"metadata":{"name":"a","labels":{"kubernetes.io/hostname":"a","node.kubernetes.io/instance-type":"m","example.org/x":"y"}}}""", null)]
    [InlineData("CREATE", "nodes", "", """{"metadata":{"name":"a","labels":{"node-role.kubernetes.io/master":"","kubernetes.io/secure":"1"}}}""", "nodes \"a\" is forbidden: node \"a\" is not allowed to set the following labels: kubernetes.io/secure, node-role.kubernetes.io/master")]
    [InlineData("CREATE", "nodes", "", """{"metadata":{"name":"a","labels":{"x.node-restriction.kubernetes.io/y":"1"}}}""", "nodes \"a\" is forbidden: node \"a\" is not allowed to set the following labels: x.node-restriction.kubernetes.io/y")]
    [InlineData("CREATE", "serviceaccounts", "token", """{"metadata":{"name":"sa"},"spec":{}}""", "serviceaccounts \"sa\" is forbidden: node requested token not bound to a pod")]
    [InlineData("CREATE", "serviceaccounts", "token", """{"metadata":{"name":"sa"},"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p"}}}""", "serviceaccounts \"sa\" is forbidden: node requested token with a pod binding without a uid")]
    [InlineData("CREATE", "serviceaccounts", "token", """{"metadata":{"name":"sa"},"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"1"}}}""", null)]
    [InlineData("CREATE", "serviceaccounts", "token", """{"metadata":{"name":"sa"},"spec":{"audiences":["odd"],"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"1"}}}""", "serviceaccounts \"sa\" is forbidden: audience \"odd\" not found in pod spec volume, system:node:a is not authorized to request tokens for this audience")]
    [InlineData("CREATE", "serviceaccounts", "token", """{"metadata":{"name":"sa"},"spec":{"audiences":["driver-audience"],"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"p","uid":"1"}}}""", null)]
    [InlineData("CREATE", "serviceaccounts", "token", """{"metadata":{"name":"sa"},"spec":{"boundObjectRef":{"apiVersion":"v1","kind":"Pod","name":"none","uid":"1"}}}""", "pod \"none\" not found")]
    [InlineData("CREATE", "pods", "eviction", """{"metadata":{"name":"p"}}""", null)]
    [InlineData("CREATE", "pods", "exec", "{}", "pods \"Unknown\" is forbidden: unexpected pod subresource \"exec\", only 'status' and 'eviction' are allowed")]
    public void A_node_creates_only_what_is_its_own(string operation, string resource, string subresource, string json, string? message) =>
        Assert.Equal(message, Restriction().Check(new NodeWrite
        {
            User = NodeA, Operation = operation, Resource = resource, Subresource = subresource, Namespace = "n", Object = Json(json),
        })?.Message);

    [Theory]
    [InlineData("nodes", "status", """{"metadata":{"name":"a"},"spec":{"taints":[{"key":"k"}]}}""", """{"metadata":{"name":"a"},"spec":{"taints":[]}}""", "nodes \"a\" is forbidden: node \"a\" is not allowed to modify taints")]
    [InlineData("nodes", "status", """{"metadata":{"name":"a"},"spec":{"taints":[]}}""", """{"metadata":{"name":"a"},"spec":{}}""", null)]
    [InlineData("nodes", "", """{"metadata":{"name":"a","labels":{"kubernetes.io/x":"1"}}}""", """{"metadata":{"name":"a"}}""", "nodes \"a\" is forbidden: is not allowed to modify labels: kubernetes.io/x")]
    [InlineData("pods", "status", """{"spec":{"nodeName":"b"}}""", """{"spec":{"nodeName":"b"}}""", "pods \"a\" is forbidden: node \"a\" can only update pod status for pods with spec.nodeName set to itself")]
    [InlineData("pods", "status", """{"metadata":{"labels":{"x":"1"}},"spec":{"nodeName":"a"}}""", """{"metadata":{"labels":{"x":"2"}},"spec":{"nodeName":"a"}}""", "pods \"a\" is forbidden: node \"a\" cannot update labels through pod status")]
    [InlineData("pods", "status", """{"spec":{"nodeName":"a"},"status":{"phase":"Pending"}}""", """{"spec":{"nodeName":"a"},"status":{"phase":"Running"}}""", null)]
    [InlineData("pods", "", """{"spec":{"nodeName":"a"}}""", """{"spec":{"nodeName":"a"}}""", "pods \"a\" is forbidden: unexpected operation \"UPDATE\", node \"a\" can only create and delete mirror pods")]
    [InlineData("persistentvolumeclaims", "status", """{"metadata":{"resourceVersion":"1"},"status":{"capacity":{"storage":"1"}}}""", """{"metadata":{},"status":{"capacity":{"storage":"2"}}}""", null)]
    [InlineData("persistentvolumeclaims", "status", """{"status":{"phase":"Bound"}}""", """{"status":{"phase":"Lost"}}""", "persistentvolumeclaims \"a\" is forbidden: node \"a\" is not allowed to update fields other than status.quantity and status.conditions: status.phase")]
    [InlineData("persistentvolumeclaims", "", "{}", "{}", "persistentvolumeclaims \"a\" is forbidden: may only update PVC status")]
    public void A_node_updates_only_what_is_its_to_say(string resource, string subresource, string old, string changed, string? message) =>
        Assert.Equal(message, Restriction().Check(new NodeWrite
        {
            User = NodeA, Operation = "UPDATE", Resource = resource, Subresource = subresource, Namespace = "n", Name = "a", Old = Json(old), Object = Json(changed),
        })?.Message);

    [Fact]
    public void Leases_and_signing_requests_bear_the_nodes_own_name()
    {
        var lease = new NodeWrite { User = NodeA, Operation = "CREATE", Group = "coordination.k8s.io", Resource = "leases", Namespace = "kube-node-lease", Object = Json("""{"metadata":{"name":"b"}}""") };
        Assert.Equal("leases.coordination.k8s.io \"b\" is forbidden: can only access node lease with the same name as the requesting node", Restriction().Check(lease)!.Message);
        Assert.Null(Restriction().Check(lease with { Object = Json("""{"metadata":{"name":"a"}}""") }));
        Assert.Null(Restriction().Check(SigningRequest("system:node:a")));
        Assert.Equal("certificatesigningrequests.certificates.k8s.io \"csr\" is forbidden: can only create a node CSR with CN=system:node:a", Restriction().Check(SigningRequest("system:node:b"))!.Message);
        Assert.Equal(403, Restriction().Check(SigningRequest("system:node:a") with { Object = Json("""{"spec":{"signerName":"kubernetes.io/kubelet-serving","request":"AAAA"}}""") })!.Code);
        Assert.Null(Restriction().Check(lease with { User = new User { Name = "admin" } }));
    }

    private static NodeWrite SigningRequest(string commonName)
    {
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256);
        var request = new System.Security.Cryptography.X509Certificates.CertificateRequest($"CN={commonName}", key, System.Security.Cryptography.HashAlgorithmName.SHA256);
        var pem = Convert.ToBase64String(Encoding.UTF8.GetBytes(request.CreateSigningRequestPem()));
        return new NodeWrite
        {
            User = NodeA, Operation = "CREATE", Group = "certificates.k8s.io", Resource = "certificatesigningrequests", Name = "csr",
            Object = Json("{\"spec\":{\"signerName\":\"kubernetes.io/kube-apiserver-client-kubelet\",\"request\":\"" + pem + "\"}}"),
        };
    }

    private static NodeGraph Graph()
    {
        var graph = new NodeGraph();
        graph.Set("persistentvolumes", """{"metadata":{"name":"pv"},"spec":{"claimRef":{"namespace":"n","name":"claim"},"csi":{"nodeStageSecretRef":{"namespace":"vault","name":"pv-secret"},"controllerPublishSecretRef":{"namespace":"vault","name":"hidden"}}}}"""u8);
        graph.Set("persistentvolumes", """{"metadata":{"name":"other-pv"},"spec":{"claimRef":{"namespace":"n","name":"other"}}}"""u8);
        graph.Set("volumeattachments", """{"metadata":{"name":"va"},"spec":{"nodeName":"a"}}"""u8);
        graph.Set("volumeattachments", """{"metadata":{"name":"vb"},"spec":{"nodeName":"b"}}"""u8);
        graph.Set("pods", Encoding.UTF8.GetBytes(Pod));
        return graph;
    }

    private static NodeAuthorizer Authorizer() => Over(Graph());

    private static NodeAuthorizer Over(NodeGraph graph) => new(() => graph, BootstrapPolicy.NodeRules());

    private static NodeRestriction Restriction() => new((resource, _, name) => (resource, name) switch
    {
        ("pods", "p") => Json(Pod),
        ("nodes", "a") => Json("""{"metadata":{"name":"a","uid":"node-uid"}}"""),
        ("csidrivers", "d") => Json("""{"spec":{"tokenRequests":[{"audience":"driver-audience"}]}}"""),
        _ => (JsonElement?)null,
    }, (_, _) => new(Decision.NoOpinion()));

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
