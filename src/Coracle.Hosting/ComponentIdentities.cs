using Coracle.ApiServer.Access;

namespace Coracle.Hosting;

/// <summary>
/// As whom the parts of a control plane call the API: as upstream's, each controller by the service account to which the bootstrap roles give what it
/// needs, and no more. The caches that controllers share are filled by the controller manager.
/// </summary>
internal static class ComponentIdentities
{
    public const string ControllerManager = "kube-controller-manager";

    /// <summary>What upstream's API server does itself, by calling itself.</summary>
    public const string ApiServer = "kube-apiserver";

    private static readonly User Manager = Of(WellKnown.ControllerManager);
    private static readonly User Scheduler = Of(WellKnown.Scheduler);

    /// <summary>The user of a part, by the name under which it calls. The name comes from this process, not from a client.</summary>
    public static User Of(ReadOnlySpan<char> agent) => agent switch
    {
        ControllerManager => Manager,
        // What the API server does of itself, and runs here with the controllers.
        ApiServer => User.ApiServer,
        "kube-scheduler" => Scheduler,
        _ => Account(AccountOf(agent)!),
    };

    /// <summary>The service account of a controller; null of what is none.</summary>
    public static string? AccountOf(ReadOnlySpan<char> agent) => agent switch
    {
        ControllerManager or ApiServer or "kube-scheduler" => null,
        // These have no account of their own upstream either.
        "node-ipam-controller" or "taint-eviction-controller" => "node-controller",
        _ => agent.ToString(),
    };

    private static User Of(string name) => new() { Name = name, Groups = [WellKnown.Authenticated] };

    private static User Account(string name) => new()
    {
        Name = ServiceAccountName.UserName("kube-system", name), Groups = [.. ServiceAccountName.Groups("kube-system"), WellKnown.Authenticated],
    };
}
