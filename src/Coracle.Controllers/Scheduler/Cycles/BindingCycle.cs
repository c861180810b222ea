using Coracle.Kinds.Core.V1;
using Coracle.Sdk;

namespace Coracle.Controllers.Scheduling;

/// <summary>Brings a placed pod to its node: Permit's wait, PreBind, Bind, PostBind. Runs beside the scheduling loop and touches none of its state.</summary>
internal static class BindingCycle
{
    public static readonly TimeSpan MaxPermitWait = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    public static async Task<Letter.BindingEnded> RunAsync(Client client, QueuedPod pod, CycleState state, string node, WaitingPod? waiting, TimeSpan limit, CancellationToken cancel)
    {
        if (waiting is not null && await PermitAsync(client, waiting, limit, cancel) is { IsOk: false } rejected) return new(pod, state, node, rejected, waiting.RejectedBy);
        if (!pod.Reporting.IsCompleted) await pod.Reporting;
        foreach (var (plugin, point) in pod.Profile.PreBind)
            if (await point.PreBindAsync(state, pod.Info, node, cancel) is { IsOk: false } verdict)
                return new(pod, state, node, Verdict.Error($"running PreBind plugin \"{plugin.Name}\": {verdict.Message}"), null);
        var bound = await BindAsync(client, pod, state, node, cancel);
        if (bound.IsOk)
            foreach (var (_, point) in pod.Profile.PostBind) point.PostBind(state, pod.Info, node);
        return new(pod, state, node, bound, null);
    }

    private static async ValueTask<Verdict> PermitAsync(Client client, WaitingPod waiting, TimeSpan limit, CancellationToken cancel)
    {
        if (!await waiting.Decision.Or(cancel).Within(limit, client.Time)) return Verdict.Unschedulable("timeout");
        return await waiting.Decision;
    }

    private static async ValueTask<Verdict> BindAsync(Client client, QueuedPod pod, CycleState state, string node, CancellationToken cancel)
    {
        foreach (var (plugin, point) in pod.Profile.Bind)
        {
            Verdict verdict;
            try
            {
                verdict = await point.BindAsync(state, pod.Info, node, cancel);
            }
            catch (IOException failure)
            {
                // No answer: the pod may be bound or not. To forget its place now could give it away twice.
                verdict = await IsBoundAsync(client, pod, cancel) ? Verdict.Ok : Verdict.Error(failure.Message);
            }
            if (verdict.IsSkip) continue;
            return verdict.IsOk ? verdict : Verdict.Error($"running Bind plugin \"{plugin.Name}\": {verdict.Message}");
        }
        return Verdict.Error("no plugin binds the pod");
    }

    private static async ValueTask<bool> IsBoundAsync(Client client, QueuedPod pod, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await client.TryGetAsync<Pod>(pod.Info.Key, cancel) is { Spec.NodeName.Length: > 0 } found && found.Metadata.Uid == pod.Info.Uid;
            }
            catch (Exception failure) when (failure is IOException or ApiException)
            {
                await Task.Delay(AskAgain, client.Time, cancel);
            }
        }
    }

    /// <summary>Gives back what Reserve took, in reverse order.</summary>
    public static void Unreserve(QueuedPod pod, CycleState state, string node)
    {
        for (var i = pod.Profile.Reserve.Length - 1; i >= 0; i--) pod.Profile.Reserve[i].Point.Unreserve(state, pod.Info, node);
    }
}
