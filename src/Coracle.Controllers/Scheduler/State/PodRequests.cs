using Coracle.Kinds.Core.V1;
using Coracle.Kinds.Meta.V1;
using Coracle.Schema;

namespace Coracle.Controllers.Scheduling;

/// <summary>What a pod asks for as a whole (component-helpers, resource.PodRequests).</summary>
internal static class PodRequests
{
    /// <summary>What a container is counted with in scores when it asks for no cpu or memory, so that pods without requests are spread too.</summary>
    public const long DefaultMilliCpu = 100;
    public const long DefaultMemory = 200 * 1024 * 1024;

    /// <summary>
    /// (1) Containers run together: sum. (2) Init containers run one after the other, each beside the sidecars started before it: maximum. (3) Sidecars run
    /// on beside the containers. (4) What the pod asks for as a whole overrides. (5) Overhead is added.
    /// </summary>
    public static Resources Of(Pod pod, bool nonZero)
    {
        var spec = pod.Spec;
        var running = new Resources();
        var infeasible = IsInfeasible(pod.Status);
        foreach (var container in spec.Containers ?? []) running.Add(Of(container, pod.Status.ContainerStatuses, infeasible, nonZero)); // 1
        if (spec.InitContainers is { Count: > 0 } inits) AddInit(running, inits, pod.Status.InitContainerStatuses, infeasible, nonZero); // 2, 3
        if (spec.Resources?.Requests is { } whole) running.Override(Most(whole, pod.Status, infeasible)); // 4
        if (spec.Overhead is { } overhead) running.Add(Resources.From(overhead)); // 5
        return running;
    }

    // What the node will never give counts for nothing.
    private static bool IsInfeasible(PodStatus status) =>
        status.Conditions?.Exists(c => c is { Type: PodConditionType.PodResizePending, Status: ConditionStatus.True, Reason: PodResizeStatus.Infeasible }) == true;

    private static Dictionary<string, Quantity> Most(Dictionary<string, Quantity> asked, PodStatus status, bool infeasible)
    {
        if (status is { AllocatedResources: null, Resources: null }) return asked;
        var most = infeasible ? [] : new Dictionary<string, Quantity>(asked, StringComparer.Ordinal);
        foreach (var (name, amount) in (status.AllocatedResources ?? []).Concat(status.Resources?.Requests ?? []))
            if (!most.TryGetValue(name, out var other) || amount > other) most[name] = amount;
        return most;
    }

    private static void AddInit(Resources running, List<Container> inits, List<ContainerStatus>? statuses, bool infeasible, bool nonZero)
    {
        var sidecars = new Resources();
        var starting = new Resources();
        foreach (var container in inits)
        {
            var needs = Of(container, statuses, infeasible, nonZero);
            var during = needs.Copy();
            during.Add(sidecars);
            starting.Raise(during);
            if (container.RestartPolicy != ContainerRestartPolicy.Always) continue;
            sidecars.Add(needs);
            running.Add(needs);
        }
        running.Raise(starting);
    }

    private static Resources Of(Container container, List<ContainerStatus>? statuses, bool infeasible, bool nonZero)
    {
        var requests = container.Resources.Requests;
        var needs = Resources.From(requests);
        // While a resize is under way, the node gives what it gave before and may give what is asked for: the greater counts.
        if (statuses is not null)
        {
            foreach (var status in statuses)
            {
                if (status.Name != container.Name) continue;
                if (infeasible && (status.AllocatedResources is not null || status.Resources?.Requests is not null)) needs = new Resources();
                if (status.AllocatedResources is { } allocated) needs.Raise(Resources.From(allocated));
                if (status.Resources?.Requests is { } actual) needs.Raise(Resources.From(actual));
            }
        }
        if (!nonZero) return needs;
        if (requests is null || !requests.ContainsKey(ResourceName.Cpu)) needs.MilliCpu = Math.Max(needs.MilliCpu, DefaultMilliCpu);
        if (requests is null || !requests.ContainsKey(ResourceName.Memory)) needs.Memory = Math.Max(needs.Memory, DefaultMemory);
        return needs;
    }
}
