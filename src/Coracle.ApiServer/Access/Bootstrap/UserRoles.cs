using Coracle.Kinds.Rbac.V1;
using static Coracle.ApiServer.Access.PolicyBuilder;

namespace Coracle.ApiServer.Access;

/// <summary>The cluster roles meant for people: admin, edit, view, and what everybody may see.</summary>
internal static class UserRoles
{
    public static IEnumerable<ClusterRole> All() =>
    [
        ClusterRole("cluster-admin", Allow("*", "*", "*"), AllowPaths("*", "*")),
        ClusterRole("system:discovery", AllowPaths("get", "/livez /readyz /healthz /version /version/ /openapi /openapi/* /api /api/* /apis /apis/*")),
        ClusterRole("system:monitoring",
            AllowPaths("get", "/metrics /metrics/slis /livez /readyz /healthz /livez/* /readyz/* /healthz/* /flagz /statusz"),
            Allow("get", Core, "nodes/metrics")),
        ClusterRole("system:basic-user",
            Allow("create", "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews"),
            Allow("create", "authentication.k8s.io", "selfsubjectreviews")),
        ClusterRole("system:public-info-viewer", AllowPaths("get", "/livez /readyz /healthz /version /version/")),
        Aggregated("admin"),
        Aggregated("edit").Feeding("admin"),
        Aggregated("view").Feeding("edit"),
        ClusterRole("system:aggregate-to-admin",
            Allow("create", "authorization.k8s.io", "localsubjectaccessreviews"),
            Allow(ReadWrite, "rbac.authorization.k8s.io", "roles rolebindings")).Feeding("admin"),
        ClusterRole("system:aggregate-to-edit", EditRules()).Feeding("edit"),
        ClusterRole("system:aggregate-to-view", ViewRules()).Feeding("view"),
    ];

    private static List<PolicyRule> EditRules() =>
    [
        // Reading these gives powers beyond reading.
        Allow(Read, Core, "pods/attach pods/proxy pods/exec pods/portforward secrets services/proxy"),
        Allow("impersonate", Core, "serviceaccounts"),
        Allow(Write, Core, "pods pods/attach pods/proxy pods/exec pods/portforward"),
        Allow("create", Core, "pods/eviction"),
        Allow(Write, Core, "replicationcontrollers replicationcontrollers/scale serviceaccounts services services/proxy persistentvolumeclaims configmaps secrets"),
        Allow("create", Core, "serviceaccounts/token"),
        Allow(Write, $"{Core} events.k8s.io", "events"),
        Allow(Write, "apps", "statefulsets statefulsets/scale daemonsets deployments deployments/scale deployments/rollback replicasets replicasets/scale"),
        Allow(Write, "autoscaling", "horizontalpodautoscalers"),
        Allow(Write, "batch", "jobs cronjobs"),
        Allow(Write, "extensions",
            "daemonsets deployments deployments/scale deployments/rollback ingresses replicasets replicasets/scale replicationcontrollers/scale networkpolicies"),
        Allow(Write, "policy", "poddisruptionbudgets"),
        Allow(Write, "networking.k8s.io", "networkpolicies ingresses"),
        Allow(ReadWrite, "coordination.k8s.io", "leases"),
        Allow(Write, "resource.k8s.io", "resourceclaims resourceclaimtemplates"),
    ];

    private static List<PolicyRule> ViewRules() =>
    [
        Allow(Read, Core, "pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status endpoints"
            + " persistentvolumeclaims persistentvolumeclaims/status configmaps"),
        Allow(Read, Core, "limitranges resourcequotas bindings pods/status resourcequotas/status namespaces/status replicationcontrollers/status pods/log"),
        // Within a namespace this means the namespace itself.
        Allow(Read, Core, "namespaces"),
        Allow(Read, $"{Core} events.k8s.io", "events"),
        Allow(Read, "discovery.k8s.io", "endpointslices"),
        Allow(Read, "apps", "controllerrevisions statefulsets statefulsets/status statefulsets/scale daemonsets daemonsets/status deployments"
            + " deployments/status deployments/scale replicasets replicasets/status replicasets/scale"),
        Allow(Read, "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status"),
        Allow(Read, "batch", "jobs cronjobs cronjobs/status jobs/status"),
        Allow(Read, "extensions", "daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status replicasets"
            + " replicasets/scale replicasets/status replicationcontrollers/scale networkpolicies"),
        Allow(Read, "policy", "poddisruptionbudgets poddisruptionbudgets/status"),
        Allow(Read, "networking.k8s.io", "networkpolicies ingresses ingresses/status"),
        Allow(Read, "resource.k8s.io", "resourceclaims resourceclaims/status resourceclaimtemplates"),
    ];
}
