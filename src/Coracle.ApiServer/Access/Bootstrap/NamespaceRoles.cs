using Coracle.Kinds.Rbac.V1;
using static Coracle.ApiServer.Access.PolicyBuilder;

namespace Coracle.ApiServer.Access;

/// <summary>The roles that hold within kube-system and kube-public alone.</summary>
internal static class NamespaceRoles
{
    private const string System = "kube-system";
    private const string Public = "kube-public";

    public static List<Role> Roles() =>
    [
        Role(System, "extension-apiserver-authentication-reader", Allow("get list watch", Core, "configmaps", "extension-apiserver-authentication")),
        Role(System, "system:controller:bootstrap-signer", Allow("get list watch", Core, "secrets")),
        Role(System, "system:controller:cloud-provider", Allow("create get list watch", Core, "configmaps")),
        Role(System, "system:controller:token-cleaner", Allow("get list watch delete", Core, "secrets"), Events()),
        LeaderLocking("kube-controller-manager"),
        LeaderLocking("kube-scheduler"),
        Role(Public, "system:controller:bootstrap-signer",
            Allow("get list watch", Core, "configmaps"),
            Allow("update", Core, "configmaps", "cluster-info"),
            Events()),
    ];

    public static List<RoleBinding> Bindings() =>
    [
        Binding(System, "system::extension-apiserver-authentication-reader", "extension-apiserver-authentication-reader",
            User(WellKnown.ControllerManager), User(WellKnown.Scheduler)),
        Binding(System, "system::leader-locking-kube-controller-manager", "system::leader-locking-kube-controller-manager",
            User(WellKnown.ControllerManager), Account("kube-controller-manager"), Account("leader-election-controller")),
        Binding(System, "system::leader-locking-kube-scheduler", "system::leader-locking-kube-scheduler", User(WellKnown.Scheduler), Account("kube-scheduler")),
        ForController(System, "bootstrap-signer"),
        ForController(System, "cloud-provider"),
        ForController(System, "token-cleaner"),
        ForController(Public, "bootstrap-signer"),
    ];

    private static Role LeaderLocking(string component) => Role(System, $"system::leader-locking-{component}",
        Allow("get watch list create update", "coordination.k8s.io", "leases"),
        Allow("get watch list create update", "coordination.k8s.io", "leasecandidates"));

    private static RoleBinding ForController(string ns, string controller) =>
        Binding(ns, $"system:controller:{controller}", $"system:controller:{controller}", Account(controller));
}
