namespace Coracle.ApiServer.Access;

/// <summary>Names of users, groups and keys that Kubernetes reserves.</summary>
public static class WellKnown
{
    public const string Anonymous = "system:anonymous";
    public const string ApiServerUser = "system:apiserver";
    public const string Masters = "system:masters";
    public const string Nodes = "system:nodes";
    public const string Monitoring = "system:monitoring";
    public const string Authenticated = "system:authenticated";
    public const string Unauthenticated = "system:unauthenticated";
    public const string ServiceAccounts = "system:serviceaccounts";

    public const string KubeProxy = "system:kube-proxy";
    public const string ControllerManager = "system:kube-controller-manager";
    public const string Scheduler = "system:kube-scheduler";

    /// <summary>A node's user is this and the node's name.</summary>
    public const string NodeUserPrefix = "system:node:";

    /// <summary>A service account's user is this, its namespace, a colon and its name.</summary>
    public const string ServiceAccountUserPrefix = "system:serviceaccount:";

    /// <summary>The groups of a namespace's service accounts are named by this and the namespace.</summary>
    public const string ServiceAccountGroupPrefix = "system:serviceaccounts:";

    public const string CredentialId = "authentication.kubernetes.io/credential-id";
    public const string PodName = "authentication.kubernetes.io/pod-name";
    public const string PodUid = "authentication.kubernetes.io/pod-uid";
    public const string NodeName = "authentication.kubernetes.io/node-name";
    public const string NodeUid = "authentication.kubernetes.io/node-uid";
}
