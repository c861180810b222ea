using Coracle.Kinds.Rbac.V1;
using static Coracle.ApiServer.Access.PolicyBuilder;

namespace Coracle.ApiServer.Access;

/// <summary>The cluster roles of the cluster's own parts and of programs that usually run beside them.</summary>
internal static class ComponentRoles
{
    public static IEnumerable<ClusterRole> All() =>
    [
        ClusterRole("system:heapster", Allow(Read, Core, "events pods nodes namespaces"), Allow(Read, "extensions", "deployments")),
        ClusterRole("system:node", NodeRules()),
        ClusterRole("system:node-problem-detector", Allow("get", Core, "nodes"), Allow("patch", Core, "nodes/status"), Events()),
        ClusterRole("system:node-bootstrapper", Allow("create get list watch", "certificates.k8s.io", "certificatesigningrequests")),
        ClusterRole("system:auth-delegator",
            Allow("create", "authentication.k8s.io", "tokenreviews"),
            Allow("create", "authorization.k8s.io", "subjectaccessreviews")),
        ClusterRole("system:kube-aggregator", Allow(Read, Core, "services endpoints")),
        ClusterRole("system:kube-controller-manager", ControllerManagerRules()),
        ClusterRole("system:kube-dns", Allow("list watch", Core, "endpoints services")),
        ClusterRole("system:persistent-volume-provisioner",
            Allow("get list watch create delete", Core, "persistentvolumes"),
            Allow("get list watch update", Core, "persistentvolumeclaims"),
            Allow(Read, "storage.k8s.io", "storageclasses"),
            Allow("watch", Core, "events"),
            Events()),
        ClusterRole("system:certificates.k8s.io:certificatesigningrequests:nodeclient", Allow("create", "certificates.k8s.io", "certificatesigningrequests/nodeclient")),
        ClusterRole("system:certificates.k8s.io:certificatesigningrequests:selfnodeclient",
            Allow("create", "certificates.k8s.io", "certificatesigningrequests/selfnodeclient")),
        ClusterRole("system:volume-scheduler",
            Allow(ReadUpdate, Core, "persistentvolumes"),
            Allow(Read, "storage.k8s.io", "storageclasses"),
            Allow(ReadUpdate, Core, "persistentvolumeclaims")),
        Approver("legacy-unknown"),
        Approver("kubelet-serving"),
        Approver("kube-apiserver-client"),
        Approver("kube-apiserver-client-kubelet"),
        ClusterRole("system:service-account-issuer-discovery",
            AllowPaths("get", "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/")),
        ClusterRole("system:kubelet-api-admin",
            Allow("get list watch", Core, "nodes"),
            Allow("proxy", Core, "nodes"),
            Allow("*", Core, "nodes/proxy nodes/metrics nodes/stats nodes/log"),
            Allow("*", Core, "nodes/pods nodes/healthz nodes/configz")),
        ClusterRole("system:node-proxier",
            Allow("list watch", Core, "services endpoints"),
            Allow("get list watch", Core, "nodes"),
            Events(),
            Allow("list watch", "networking.k8s.io", "servicecidrs"),
            Allow("list watch", "discovery.k8s.io", "endpointslices")),
        ClusterRole("system:kube-scheduler", SchedulerRules()),
    ];

    public static List<PolicyRule> NodeRules() =>
    [
        Allow("create", "authentication.k8s.io", "tokenreviews"),
        Allow("create", "authorization.k8s.io", "subjectaccessreviews localsubjectaccessreviews"),
        Allow(Read, Core, "services"),
        // The NodeRestriction admission keeps a node to its own object, pods, evictions and tokens.
        Allow("create get list watch", Core, "nodes"),
        Allow("update patch", Core, "nodes/status"),
        Allow("update patch", Core, "nodes"),
        Allow("create update patch", $"{Core} events.k8s.io", "events"),
        Allow(Read, Core, "pods"),
        Allow("create delete", Core, "pods"),
        Allow("update patch", Core, "pods/status"),
        Allow("create", Core, "pods/eviction"),
        Allow("get list watch", Core, "secrets configmaps"),
        Allow("get", Core, "persistentvolumeclaims persistentvolumes"),
        Allow("get", Core, "endpoints"),
        Allow("create get list watch", "certificates.k8s.io", "certificatesigningrequests"),
        Allow("get create update patch delete", "coordination.k8s.io", "leases"),
        Allow("get", "storage.k8s.io", "volumeattachments"),
        Allow("create", Core, "serviceaccounts/token"),
        Allow("get update patch", Core, "persistentvolumeclaims/status"),
        Allow("get watch list", "storage.k8s.io", "csidrivers"),
        Allow("get create update patch delete", "storage.k8s.io", "csinodes"),
        Allow("get list watch", "node.k8s.io", "runtimeclasses"),
        Allow("get", "resource.k8s.io", "resourceclaims"),
        Allow("deletecollection", "resource.k8s.io", "resourceslices"),
        Allow("get", Core, "serviceaccounts"),
    ];

    private static ClusterRole Approver(string signer) =>
        ClusterRole($"system:certificates.k8s.io:{signer}-approver", Allow("approve", "certificates.k8s.io", "signers", $"kubernetes.io/{signer}"));

    private static List<PolicyRule> ControllerManagerRules() =>
    [
        Events(),
        Allow("create", "coordination.k8s.io", "leases"),
        Allow("get update", "coordination.k8s.io", "leases", "kube-controller-manager"),
        Allow("create", Core, "secrets serviceaccounts"),
        Allow("delete", Core, "secrets"),
        Allow("get", Core, "namespaces secrets serviceaccounts configmaps"),
        Allow("update", Core, "secrets serviceaccounts"),
        Allow("create", "authentication.k8s.io", "tokenreviews"),
        Allow("create", "authorization.k8s.io", "subjectaccessreviews"),
        Allow("list watch", "*", "*"),
        Allow("create", Core, "serviceaccounts/token"),
    ];

    private static List<PolicyRule> SchedulerRules() =>
    [
        Events(),
        Allow("create", "coordination.k8s.io", "leases"),
        Allow("get update list watch", "coordination.k8s.io", "leases", "kube-scheduler"),
        Allow(ReadWrite, "coordination.k8s.io", "leasecandidates"),
        Allow(Read, Core, "nodes"),
        Allow("get list watch delete", Core, "pods"),
        Allow("create", Core, "pods/binding bindings"),
        Allow("patch update", Core, "pods/status"),
        Allow(Read, Core, "services replicationcontrollers"),
        Allow(Read, "apps extensions", "replicasets"),
        Allow(Read, "apps", "statefulsets"),
        Allow(Read, "policy", "poddisruptionbudgets"),
        Allow(Read, Core, "persistentvolumeclaims persistentvolumes"),
        Allow("create", "authentication.k8s.io", "tokenreviews"),
        Allow("create", "authorization.k8s.io", "subjectaccessreviews"),
        Allow(Read, "storage.k8s.io", "csinodes"),
        Allow("get list watch", "storage.k8s.io", "volumeattachments"),
        Allow(Read, Core, "namespaces"),
        Allow(Read, "storage.k8s.io", "csidrivers"),
        Allow(Read, "storage.k8s.io", "csistoragecapacities"),
        Allow(Read, "resource.k8s.io", "deviceclasses"),
        Allow(ReadUpdate, "resource.k8s.io", "resourceclaims"),
        Allow(ReadUpdate, "resource.k8s.io", "resourceclaims/status"),
        Allow("update", Core, "pods/finalizers"),
        Allow(Read, "resource.k8s.io", "resourceslices"),
        Allow("create delete", "resource.k8s.io", "resourceclaims"),
        Allow("update patch", "resource.k8s.io", "resourceclaims/binding"),
    ];
}
